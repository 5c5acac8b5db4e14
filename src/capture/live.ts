import type { LinkType } from '../linux/link-type.ts';
import type { CaptureSource, PortCounts, SourceCounts } from './source.ts';

export interface LiveCounts extends SourceCounts {
  /** Packets that matched the filter, those included that were dropped. */
  readonly received: number;
  /** Packets that were not handed out but written to a file on loan, if there are any. */
  readonly written?: number;
}
/** A capture of what passes now. */
export interface LiveSource extends CaptureSource {
  /** Of the packets, if it is the same for all. */
  readonly linkType: LinkType | undefined;
  counts(): LiveCounts;
  portCounts(): readonly PortCounts[];
  /** Takes no more packets; those taken until now still come, and then the batches end. */
  stop(): void;
  /** Gives up the rights that capturing does not need any more; resolves when that is done. */
  renounce(): Promise<void>;
  /** Hands out a batch soon even if there are no packets for it, so that sinks come to do what they put off. */
  nudge(): void;
}
