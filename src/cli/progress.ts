import type { CaptureSource } from '../capture/source.ts';

const WIDTH = 30;
/** Nothing is shown before a second has passed, and then ten times a second. */
const QUIET_MS = 1000;
const EVERY_MS = 100;

/** A bar on stderr while a file is read, when stderr is a terminal and stdout is not that terminal. */
export class Progress {
  private readonly started = Date.now();
  private next = this.started + QUIET_MS;
  private drawn = false;

  constructor(private readonly source: CaptureSource) {}
  show(): void {
    if (this.source.size === undefined) return;
    const now = Date.now();
    if (now < this.next) return;
    this.next = now + EVERY_MS;
    if (process.stderr.isTTY !== true || process.stdout.isTTY === true) return;
    this.drawn = true;
    const done = Math.min(1, this.source.position / Math.max(1, this.source.size));
    const filled = Math.round(done * WIDTH);
    const seconds = (now - this.started) / 1000;
    const left = Math.ceil(seconds / Math.max(done, 0.001) - seconds);
    process.stderr.write(
      `\r[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${Math.floor(done * 100)} %  ${left} s left  \x1b[K`,
    );
  }
  clear(): void {
    if (this.drawn) process.stderr.write('\r\x1b[K');
  }
}
