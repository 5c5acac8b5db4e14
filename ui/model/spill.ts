import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, statfsSync, writev } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of what the disk has left, so much may be taken. */
const SHARE = 0.5;
/** Made for files that are big and last: /tmp may be in memory. */
const USUAL = '/var/tmp';

/** A file without a name, in which things of about the same size come and go; what does not fit on the disk is refused. */
export class SpillFile {
  /** So many things are being written. */
  writing = 0;
  private fd = -1;
  private closing = false;
  private slots: number;
  private used = 0;
  private readonly free: number[] = [];

  /** Takes up to `most` bytes of the disk, in pieces of at most `slot` bytes. */
  constructor(
    most: number,
    private readonly slot: number,
  ) {
    this.slots = Math.floor(most / slot);
    this.open(most);
  }
  private open(most: number): void {
    for (const folder of [process.env.TMPDIR ?? USUAL, tmpdir()]) {
      if (this.fd >= 0 || this.slots === 0) return;
      try {
        const made = mkdtempSync(join(folder, 'hooktap-'));
        try {
          const { O_CREAT, O_EXCL, O_RDWR } = constants;
          this.fd = openSync(join(made, 'packets'), O_CREAT | O_EXCL | O_RDWR, 0o600);
          const { bavail, bsize } = statfsSync(made);
          this.slots = Math.floor(Math.min(most, bavail * bsize * SHARE) / this.slot);
        } finally {
          rmSync(made, { recursive: true, force: true });
        }
      } catch {
        // Another folder, or none: then the oldest packets go earlier.
      }
    }
    if (this.fd < 0) this.slots = 0;
  }
  /** Can something of so many bytes be written now or, with room made, later? */
  takes(length: number): boolean {
    return this.slots > 0 && length <= this.slot;
  }
  /** Is all of it in use? */
  get isFull(): boolean {
    return this.free.length === 0 && this.used >= this.slots;
  }
  /** Writes while others go on; tells in which slot it is, or -1 when the disk refused it. The parts must stay as they are. */
  write(parts: readonly Uint8Array[], done: (slot: number) => void): void {
    const slot = this.free.pop() ?? this.used++;
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    this.writing++;
    writev(this.fd, parts, slot * this.slot, (error, written) => {
      this.writing--;
      const whole = error === null && written === length;
      // No more of the disk than it has, then.
      if (!whole) this.slots = Math.min(this.slots, this.used - 1);
      if (!whole) this.used = Math.min(this.used, this.slots);
      if (this.closing) this.close();
      else done(whole ? slot : -1);
    });
  }
  /** Reads so many bytes back; undefined when they cannot be had. */
  read(slot: number, length: number): ArrayBuffer | undefined {
    const memory = new ArrayBuffer(length);
    try {
      return readSync(this.fd, new Uint8Array(memory), 0, length, slot * this.slot) === length ? memory : undefined;
    } catch {
      return undefined;
    }
  }
  /** What is in the slot is not needed any more; -1: it is in none. */
  release(slot: number): void {
    if (slot >= 0) this.free.push(slot);
  }
  close(): void {
    this.closing = true;
    if (this.writing > 0 || this.fd < 0) return;
    closeSync(this.fd);
    this.fd = -1;
  }
}
