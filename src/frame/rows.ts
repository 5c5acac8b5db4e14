import { columns, type Envelope, type FrameBatch, type PacketOptions } from './batch.ts';

/** A batch under construction: a reader fills the columns over the bytes it was given. */
export class Rows implements FrameBatch {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  count = 0;
  readonly offset: Uint32Array;
  readonly captured: Uint32Array;
  readonly wire: Uint32Array;
  readonly seconds: Float64Array;
  readonly nanos: Uint32Array;
  readonly port: Uint16Array;
  readonly direction: Uint8Array;
  readonly flags: Uint8Array;
  /** Where the packet's block starts, in formats that have blocks. */
  readonly start: Uint32Array;
  envelope: Envelope | undefined = undefined;
  base: number | undefined = undefined;
  /** Set by the reader of a format that says more of a packet. */
  options?: (i: number) => PacketOptions | undefined;
  /** True from the time the batch was handed out until it was released. */
  leased = false;

  constructor(readonly capacity: number) {
    const made = columns(capacity);
    this.offset = made.offset;
    this.captured = made.captured;
    this.wire = made.wire;
    this.seconds = made.seconds;
    this.nanos = made.nanos;
    this.port = made.port;
    this.direction = made.direction;
    this.flags = made.flags;
    this.start = new Uint32Array(capacity);
  }
  /** Begins an empty batch over these bytes. */
  over(bytes: Uint8Array, view: DataView): void {
    this.bytes = bytes;
    this.view = view;
    this.count = 0;
    this.envelope = undefined;
  }
  release(): void {
    this.leased = false;
  }
}
