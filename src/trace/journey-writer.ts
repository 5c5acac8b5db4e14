import { interfaceBlock, sectionBlock } from '../format/compose.ts';
import type { Output } from '../format/output.ts';
import { packetBlock } from '../format/packet-block.ts';
import { displayed } from '../format/shell.ts';
import type { Journey, Sight, Step } from './journey.ts';
import { store } from './stored.ts';
import { endingTexts, type NameOf, stepText } from './text.ts';

const ETHERNET = 1;
const TAG = 4;
/** linux/pkt_cls.h */
const TC_ACT = { ok: 0, shot: 2 } as const;

export interface JourneyWriterOptions {
  readonly nameOf: NameOf;
  /** The real-time clock when tracing began, in ns. */
  readonly epoch: bigint;
}
interface Sighting {
  readonly at: number;
  readonly block: Uint8Array;
}
/**
 * Writes journeys as pcapng: the packet at each step, by the interface of its device, with the journey's number as its id and
 * the step as its comment; at the last step the verdict, what became of it, and the journey as {@link store} has it.
 */
export class JourneyWriter {
  private readonly ports = new Map<string, number>();

  constructor(
    private readonly output: Output,
    private readonly options: JourneyWriterOptions,
  ) {
    this.put(sectionBlock({ application: 'hooktap' }, true));
  }
  /** Packets of journeys that are written together are in the order of time. */
  async write(journeys: readonly Journey[]): Promise<void> {
    const sightings = journeys.flatMap((journey) => this.sightingsOf(journey));
    sightings.sort((a, b) => a.at - b.at);
    for (const { block } of sightings) this.put(block);
    await this.output.flush();
  }
  end(): Promise<void> {
    return this.output.end();
  }
  private sightingsOf(journey: Journey): Sighting[] {
    const { steps, number } = journey;
    return steps.map((step, i) => {
      const last = i === steps.length - 1;
      const { bytes, wire } = onWire(step.event);
      const comments = [displayed(`#${number} step ${i + 1}/${steps.length}: ${stepText(step, this.options.nameOf)}`)];
      if (last) comments.push(...this.conclusion(journey));
      const verdict = last ? (journey.ending.outcome === 'dropped' ? TC_ACT.shot : TC_ACT.ok) : undefined;
      const at = this.options.epoch + BigInt(Math.round(step.at));
      const port = this.portOf(step);
      const block = packetBlock({ port, at, bytes, wire, comments, packetId: BigInt(number), verdict });
      return { at: step.at, block };
    });
  }
  private conclusion(journey: Journey): string[] {
    const { nameOf, epoch } = this.options;
    return [...endingTexts(journey, nameOf).map((text) => displayed(`=> ${text}`)), ...store(journey, nameOf, epoch)];
  }
  private portOf({ netns, device }: Step): number {
    const name = `${this.options.nameOf(netns)}/${device}`;
    const known = this.ports.get(name);
    if (known !== undefined) return known;
    const port = this.ports.size;
    this.ports.set(name, port);
    this.put(interfaceBlock({ name, linkType: ETHERNET, snaplen: 0, nanos: true }, true));
    return port;
  }
  private put(block: Uint8Array): void {
    this.output.room(0);
    this.output.borrow(block, 0, block.length);
  }
}
/** With the VLAN tag where it was: the kernel keeps it beside the packet. */
function onWire({ bytes, tag, length }: Sight): { bytes: Uint8Array; wire: number } {
  if (tag === undefined || bytes.length < 12) return { bytes, wire: Math.max(length, bytes.length) };
  const whole = new Uint8Array(bytes.length + TAG);
  whole.set(bytes.subarray(0, 12));
  whole.set([0x81, 0x00, tag >>> 8, tag & 0xff], 12);
  whole.set(bytes.subarray(12), 12 + TAG);
  return { bytes: whole, wire: Math.max(length + TAG, whole.length) };
}
