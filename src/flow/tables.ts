import { Lens } from '../dissect/lens.ts';
import type { Registry } from '../dissect/registry.ts';
import type { Port } from '../frame/port.ts';
import { Fragments } from './fragments.ts';
import { SequenceTable } from './sequence.ts';
import { StreamTable } from './streams.ts';

/** What of {@link Tables} somebody asks for. */
export interface Wanted {
  readonly sequences: boolean;
  /** Connections that ICMP errors quote count as seen, too. */
  readonly quoted: boolean;
  readonly streams: boolean;
  readonly fragments: boolean;
}

/** The lens that packets are looked at under, and what is remembered from one to the next. */
export class Tables {
  readonly lens: Lens;
  readonly sequences: SequenceTable | undefined;
  readonly streams: StreamTable | undefined;
  readonly fragments: Fragments | undefined;

  /** `ports`: the source's, which may grow. */
  constructor(registry: Registry, ports: readonly Port[], wanted: Wanted) {
    this.lens = new Lens(registry, ports);
    this.sequences = wanted.sequences ? new SequenceTable(registry, wanted.quoted) : undefined;
    this.streams = wanted.streams ? new StreamTable(registry) : undefined;
    this.fragments = wanted.fragments ? new Fragments(registry) : undefined;
  }
}
