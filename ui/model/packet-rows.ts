import type { Frame } from '../../src/dissect/frame.ts';
import { DIRECTION } from '../../src/frame/batch.ts';
import type { PacketRow } from '../columns.ts';
import type { AddressNames } from './address-names.ts';
import { subjectOf } from './conversation-subject.ts';
import type { Listed } from './listed.ts';
import type { PacketLens } from './packet-lens.ts';
import { safe } from './safe-text.ts';
import { clock, elapsed } from './times.ts';
import type { Subject } from './view.ts';

export type TimeMode = 'elapsed' | 'delta' | 'clock';
export const TIME_MODES: readonly TimeMode[] = ['elapsed', 'delta', 'clock'];
const WAYS: Readonly<Record<number, string>> = { [DIRECTION.inbound]: 'in', [DIRECTION.outbound]: 'out' };
const STATION = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/;

/** What the list tells of each packet. */
export class PacketRows {
  times: TimeMode = 'elapsed';

  constructor(
    private readonly lens: PacketLens,
    private readonly listed: Listed,
    private readonly names: AddressNames,
  ) {}
  /** Undefined: it is gone. */
  row(packet: number): PacketRow | undefined {
    const frame = this.lens.look(packet);
    if (frame === undefined) return undefined;
    const { names, listed } = this;
    const { store } = listed;
    const { source, destination, sourcePort, destinationPort } = this.lens.ends(frame);
    return {
      number: `${listed.marks.has(packet) ? '*' : ''}${packet + 1}`,
      time: this.time(packet),
      source: names.withPort(source, sourcePort),
      destination: names.withPort(destination, destinationPort),
      protocol: this.lens.protocol(frame),
      length: String(store.wire(packet)),
      device: safe(store.ports[store.port(packet)]?.name ?? ''),
      way: WAYS[store.direction(packet)] ?? '',
      info: this.lens.summary(frame),
    };
  }
  /** What stands above the times. */
  get timeTitle(): string {
    const { reference } = this.listed;
    if (this.times === 'clock') return 'Time of day';
    if (this.times === 'delta') return 'Delta';
    return reference === undefined ? 'Time' : `Since ${reference.packet + 1}`;
  }
  private time(packet: number): string {
    const { store, origin } = this.listed;
    const [seconds, nanos] = [store.seconds(packet), store.nanos(packet)];
    if (this.times === 'clock') return clock(seconds, nanos);
    if (this.times === 'elapsed') return elapsed(seconds - origin.seconds, nanos - origin.nanos);
    const before = Math.max(store.first, packet - 1);
    return elapsed(seconds - store.seconds(before), nanos - store.nanos(before));
  }
  /** The conversation of a packet's highest layers with ends, as both languages say it. */
  flow(packet: number): Subject | undefined {
    const frame = this.lens.look(packet);
    if (frame === undefined) return undefined;
    const { source, destination, sourcePort, destinationPort } = this.lens.ends(frame);
    if (source === '') return { title: `packet ${packet + 1}`, filter: `frame.number == ${packet + 1}` };
    const kind = sourcePort === undefined ? undefined : transportOf(frame);
    // What leads to packets, leads away from them.
    const { target: _, ...subject } = subjectOf(kind ?? (STATION.test(source) ? 'eth' : 'ip'), {
      a: source,
      b: destination,
      portA: sourcePort,
      portB: destinationPort,
    });
    return subject;
  }
}
const transportOf = (frame: Frame): 'tcp' | 'udp' | undefined =>
  (['tcp', 'udp'] as const).find((name) => frame.find(frame.registry.id(name)) >= 0);
