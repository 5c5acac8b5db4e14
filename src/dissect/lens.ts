import type { FrameBatch } from '../frame/batch.ts';
import type { Port } from '../frame/port.ts';
import { Frame } from './frame.ts';
import { NONE } from './protocol.ts';
import type { Registry } from './registry.ts';

/** The frame, and the packets of a source put under it one after the other, each read as its port says. */
export class Lens {
  readonly frame: Frame;
  /** The protocol that reads frames of each port. */
  private readonly first: number[] = [];

  /** `ports`: the source's, which may grow. */
  constructor(
    private readonly registry: Registry,
    private readonly ports: readonly Port[],
  ) {
    this.frame = new Frame(registry);
    this.frame.ports = ports;
  }
  /** Puts packet `i` under the lens, with the layers that it has by itself. */
  look(batch: FrameBatch, i: number): void {
    const { frame } = this;
    frame.load(batch, i);
    frame.dissect(this.firstOf(frame.port));
  }
  private firstOf(port: number): number {
    const known = this.first[port];
    if (known !== undefined) return known;
    const described = this.ports[port];
    return (this.first[port] = described === undefined ? NONE : this.registry.linkLayer(described.linkType));
  }
}
