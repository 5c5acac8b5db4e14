const BLOCK = 512 << 10;
/** Up to here four bytes at a time are quicker than `set`, which needs a view made for it. */
const SHORT = 128;
/** Longer pieces are handed on by reference. */
const LONG = 4096;

/** An error of the system by its name (`ENOSPC`). */
export interface WriteError {
  readonly code?: string | undefined;
  readonly message: string;
}
/** What takes the bytes: at once, or with a promise where a reader may be slow. */
export interface Device {
  readonly waits: boolean;
  /** What somebody else may write to for a while, where that is possible. */
  readonly descriptor?: number;
  write(parts: Uint8Array[]): void | Promise<void>;
  /** Somebody else wrote so many bytes, and then failed if an error is told, which is thrown as ours are. */
  wrote?(bytes: number, error?: WriteError): void;
  close(): void | Promise<void>;
}

/** Collects what is to be written: small things by copying, long ones by reference, in one order. */
export class Output {
  bytes = new Uint8Array(BLOCK);
  view = new DataView(this.bytes.buffer);
  private at = 0;
  /** Bytes taken that are not before {@link at}. */
  private others = 0;
  /** Where in {@link bytes} begins what is not in {@link parts} yet. */
  private start = 0;
  private parts: Uint8Array[] = [];

  constructor(private readonly device: Device) {}

  /** Bytes taken so far. */
  get size(): number {
    return this.others + this.at;
  }
  /**
   * Makes room in {@link bytes} for `most` bytes that the caller copies for one record. Between records only, so that
   * a full disk leaves whole records.
   */
  room(most: number): void {
    if (this.at + most <= this.bytes.length) return;
    this.close();
    if (!this.device.waits) this.device.write(this.take());
    this.rewind();
    if (this.device.waits || most > this.bytes.length) {
      this.bytes = new Uint8Array(Math.max(BLOCK, most));
      this.view = new DataView(this.bytes.buffer);
    }
  }
  /** Takes the next `length` bytes of {@link bytes} and says where they are. */
  next(length: number): number {
    const { at } = this;
    this.at += length;
    return at;
  }
  /** How much room a piece of so many bytes takes: none when it goes by reference. */
  static roomFor(length: number): number {
    return length <= LONG ? length : 0;
  }
  /** Takes bytes that stay as they are until the next flush; `view` is a view of the same bytes. */
  append(bytes: Uint8Array, view: DataView, from: number, length: number): void {
    if (length > LONG) this.borrow(bytes, from, from + length);
    else if (length > SHORT) this.bytes.set(bytes.subarray(from, from + length), this.next(length));
    else copyWords(view, from, this.view, this.next(length), length);
  }
  /** Takes `[from, to)` of other bytes, which must stay as they are until the next flush. */
  borrow(bytes: Uint8Array, from: number, to: number): void {
    this.close();
    this.parts.push(bytes.subarray(from, to));
    this.others += to - from;
  }
  /** What somebody else may write to while nothing waits here for a flush. */
  get descriptor(): number | undefined {
    return this.device.descriptor;
  }
  /** Somebody else did. Throws what he failed with. */
  wrote(bytes: number, error?: WriteError): void {
    this.others += bytes;
    this.device.wrote?.(bytes, error);
  }
  /** A promise only where the device may be slow. */
  flush(): void | Promise<void> {
    this.close();
    this.rewind();
    if (this.parts.length > 0) return this.device.write(this.take());
  }
  async end(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.device.close();
    }
  }
  private rewind(): void {
    this.others += this.at;
    this.at = 0;
    this.start = 0;
  }
  private close(): void {
    if (this.at > this.start) this.parts.push(this.bytes.subarray(this.start, this.at));
    this.start = this.at;
  }
  private take(): Uint8Array[] {
    const { parts } = this;
    this.parts = [];
    return parts;
  }
}

function copyWords(from: DataView, source: number, to: DataView, target: number, length: number): void {
  const words = length & ~3;
  let i = 0;
  for (; i < words; i += 4) to.setInt32(target + i, from.getInt32(source + i, true), true);
  for (; i < length; i++) to.setUint8(target + i, from.getUint8(source + i));
}
