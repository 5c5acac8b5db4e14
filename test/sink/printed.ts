import { Frame } from '../../src/dissect/frame.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import { StreamTable } from '../../src/flow/streams.ts';
import { Output } from '../../src/format/output.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { underLens } from '../support/stack.ts';

/** An output that keeps what it is given. */
export function memory(): { output: Output; text(): string } {
  const parts: Buffer[] = [];
  const output = new Output({
    waits: false,
    write: (some) => {
      for (const part of some) parts.push(Buffer.from(part));
    },
    close: () => {},
  });
  return { output, text: () => Buffer.concat(parts.splice(0)).toString('utf8') };
}
/** What a sink prints of one packet. */
export class Printed {
  private readonly frame: Frame;
  private readonly streams: StreamTable;
  constructor(
    registry: Registry,
    private readonly sink: Sink,
    private readonly text: () => string,
  ) {
    this.frame = new Frame(registry);
    this.streams = new StreamTable(registry);
  }
  async of(packet: Uint8Array, first: number, captured = packet.length): Promise<string> {
    const { frame, sink } = this;
    underLens(frame, packet, 0, captured, packet.length).dissect(first);
    this.streams.see(frame);
    sink.frame!(frame);
    await sink.flush();
    return this.text();
  }
}
