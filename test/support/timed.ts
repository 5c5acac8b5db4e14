import { Frame } from '../../src/dissect/frame.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import { StreamTable } from '../../src/flow/streams.ts';
import { columns } from '../../src/frame/batch.ts';

const ETHERNET = 1;
/** When packets come that say only how much later: see {@link Timed.at}. */
export const START = 1_767_605_400;

/** Puts packets under the lens one after the other, each at its time, with what its streams tell. */
export class Timed {
  private readonly frame: Frame;
  private readonly streams: StreamTable;
  private readonly row = columns(1);

  constructor(
    private readonly registry: Registry,
    private readonly see: (frame: Frame) => void,
  ) {
    this.frame = new Frame(registry);
    this.streams = new StreamTable(registry);
  }
  /** A packet so many milliseconds after the start, on a port. */
  at(ms: number, bytes: Uint8Array, { wire = bytes.length, port = 0 } = {}): void {
    const { row, frame } = this;
    const nanos = Math.round(ms * 1e6);
    row.captured[0] = bytes.length;
    row.wire[0] = wire;
    row.port[0] = port;
    row.seconds[0] = START + Math.floor(nanos / 1e9);
    row.nanos[0] = nanos % 1e9;
    frame.load({ ...row, bytes, count: 1, envelope: undefined, release() {} }, 0);
    frame.number++;
    frame.dissect(this.registry.linkLayer(ETHERNET));
    this.streams.see(frame);
    this.see(frame);
  }
}
