import type { ConnectionOfEvent, HookEvent } from '../event.ts';
import { FLAG, type HookName } from '../record.ts';

/** Where a packet was seen. */
export interface SightingOptions {
  /** In ns since tracing began. */
  readonly at: number;
  readonly hook: HookName;
  readonly netns: number;
  readonly device: number;
  readonly name: string;
  /** From the Ethernet header on, which is made if the packet has none. */
  readonly bytes: Uint8Array;
  readonly hasLinkHeader: boolean;
  readonly tag: number | undefined;
  readonly length: number;
  /** Does it match the expression here? */
  readonly matched: boolean;
  /** For netfilter: its hook. */
  readonly detail?: number;
  readonly checksumFilled?: boolean;
}
/** A packet that was seen on its way: what is only known inside of the kernel is unknown of it. */
export class Sighting implements HookEvent {
  readonly at: number;
  readonly hook: HookName;
  readonly netns: number;
  readonly device: number;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly tag: number | undefined;
  readonly length: number;
  readonly flags: number;
  readonly detail: number;
  /** Is its checksum to be as it should be? */
  readonly checksumFilled: boolean;
  /** Which branch of which packet it is, where the kernel would have two addresses. */
  skb = 0;
  head = 0;
  connection: ConnectionOfEvent | undefined;
  readonly place = 0n;
  readonly mark = 0;
  readonly pid = 0;
  readonly task = '';
  readonly other = 0;
  readonly segments = 1;
  readonly stack = [];
  readonly looksAsBefore = false;
  readonly inode = 0;
  readonly ends = 0;
  readonly socket = undefined;
  readonly route = undefined;

  constructor(options: SightingOptions) {
    this.at = options.at;
    this.hook = options.hook;
    this.netns = options.netns;
    this.device = options.device;
    this.name = options.name;
    this.bytes = options.bytes;
    this.tag = options.tag;
    this.length = options.length;
    this.detail = options.detail ?? 0;
    this.checksumFilled = options.checksumFilled ?? false;
    this.flags = (options.matched ? FLAG.matched : FLAG.followed) | (options.hasLinkHeader ? FLAG.hasLinkHeader : 0);
  }
  get captured(): number {
    return this.bytes.length;
  }
  get connectionId(): number {
    return this.connection?.id ?? 0;
  }
  get connectionStatus(): number {
    return this.connection === undefined ? 0 : 1;
  }
}
