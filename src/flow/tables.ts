import { Lens } from '../dissect/lens.ts';
import type { Registry } from '../dissect/registry.ts';
import type { Port } from '../frame/port.ts';
import type { Fragments } from './fragments.ts';
import { SequenceTable } from './sequence.ts';
import type { StreamTable } from './streams.ts';

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
  private constructor(
    readonly lens: Lens,
    readonly sequences: SequenceTable | undefined,
    readonly streams: StreamTable | undefined,
    readonly fragments: Fragments | undefined,
  ) {}
  /** `ports`: the source's, which may grow. What plain lines need nothing of is loaded only where it is wanted. */
  static async for(registry: Registry, ports: readonly Port[], wanted: Wanted): Promise<Tables> {
    return new Tables(
      new Lens(registry, ports),
      wanted.sequences ? new SequenceTable(registry, wanted.quoted) : undefined,
      wanted.streams ? new (await import('./streams.ts')).StreamTable(registry) : undefined,
      wanted.fragments ? new (await import('./fragments.ts')).Fragments(registry) : undefined,
    );
  }
}
