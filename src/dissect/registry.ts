import { Field } from '../bytes/field.ts';
import { ToolError } from '../error.ts';
import { beginning, beginningsOf } from './asleep.ts';
import { FRAME_FIELDS } from './frame-fields.ts';
import { type Computed, NONE, type Protocol, type Step, type Table, table } from './protocol.ts';

type Override = readonly [table: string, key: number | typeof ALL, protocol: string];
/** Every key of a table. */
const ALL = 'all';
/** A protocol that recognises payloads by their look. */
export interface Guesser {
  readonly id: number;
  readonly likes: (bytes: Uint8Array, from: number, to: number) => boolean;
}

/** What a filter name stands for in one protocol. */
export interface Meaning {
  /** NONE: of the frame as a whole; it is asked with d = 0, whatever layers there are. */
  readonly protocol: number;
  readonly field: Field | Computed;
}

/** Everything known about protocols, fixed at construction: a value, of which a program may have several. */
export class Registry {
  /** By table slot: under which key which protocol is found; where two have the same, the later one. */
  readonly bindings: (readonly [key: number, id: number])[][] = [];
  /** By table slot, then by key; made when the table's first payload comes, as most captures need few of them. */
  private readonly readers: Int16Array[] = [];
  /** By table slot: who guesses there, in the order of registration. */
  readonly guessers: Guesser[][] = [];
  readonly sizes: Int32Array;
  readonly steps: Step[];
  /** Wireshark's names, by protocol: in `frame.protocols`, filters and JSON. */
  readonly shown: readonly string[];
  /** tcpdump's text, by protocol. */
  readonly lines: Protocol['line'][];
  /** By protocol: the size of each of its ends in bytes (4 and 16: addresses; 2: ports; 0: it has none), and where they stand. */
  readonly endSize: Uint8Array;
  readonly endSource: Uint8Array;
  readonly endDestination: Uint8Array;
  readonly tables: ReadonlyMap<string, Table>;
  private all: ReadonlyMap<string, readonly Meaning[]> | undefined;
  /** By the beginning of names: what is meant by those that somebody asked for. */
  private readonly byBeginning = new Map<string, ReadonlyMap<string, readonly Meaning[]>>();
  private readonly names: ReadonlyMap<string, number>;

  constructor(
    readonly protocols: readonly Protocol[],
    private readonly overrides: readonly Override[] = [],
  ) {
    this.names = new Map(protocols.map((p, id) => [p.name, id]));
    if (this.names.size < protocols.length) throw new Error(`two protocols have the same name: ${repeated(protocols)}`);
    this.shown = protocols.map((p) => p.shownAs ?? p.name);
    this.sizes = Int32Array.from(protocols, (p) => p.size);
    this.endSize = Uint8Array.from(protocols, (p) => p.ends?.[0].size ?? 0);
    this.endSource = Uint8Array.from(protocols, (p) => p.ends?.[0].distance ?? 0);
    this.endDestination = Uint8Array.from(protocols, (p) => p.ends?.[1].distance ?? 0);
    this.tables = new Map([LINK_LAYER, ...protocols.flatMap((p) => p.opens)].map((t) => [t.name, t]));
    for (const t of this.tables.values()) {
      this.bindings[t.slot] = [];
      this.guessers[t.slot] = [];
    }
    this.steps = protocols.map((p) => p.step);
    this.lines = protocols.map((p) => p.line);
    protocols.forEach((p, id) => {
      for (const table in p.on) {
        const keys = p.on[table]!;
        if (typeof keys === 'number') this.bind(table, keys, id, p.name);
        else for (const key of keys) this.bind(table, key, id, p.name);
      }
      for (const table of p.guess?.in ?? []) this.table(table, p.name).push({ id, likes: p.guess!.likes });
    });
    for (const [table, key, who] of overrides)
      if (key !== ALL) this.bind(table, key, this.id(who), who);
      else for (let i = 0; i < this.sizeOf(table); i++) this.bind(table, i, this.id(who), who);
  }
  /** The number of a protocol within this registry; NONE when it is not registered. */
  id(name: string): number {
    return this.names.get(name) ?? NONE;
  }
  /** All protocols that users know by a name. */
  idsOf(name: string): readonly number[] {
    const ids = this.shown.flatMap((shown, id) => (shown === name ? [id] : []));
    const own = this.id(name);
    return ids.length === 0 && own !== NONE ? [own] : ids;
  }
  /** By filter name: all that it stands for. Wakes every protocol: for those who list names, or look for a similar one. */
  get fields(): ReadonlyMap<string, readonly Meaning[]> {
    return (this.all ??= meaningsOf(this.protocols, () => true));
  }
  /** All that a filter name stands for: mDNS has the fields of DNS, and `ip.addr` is two fields. Empty: nobody has it. */
  meanings(name: string): readonly Meaning[] {
    const first = beginning(name);
    let known = this.byBeginning.get(first);
    if (known === undefined) {
      known = meaningsOf(this.protocols, (protocol) => [...beginningsOf(protocol)].includes(first));
      this.byBeginning.set(first, known);
    }
    return known.get(name) ?? [];
  }
  /** What stands in the packet under a filter name, as the first protocol that has it declares it. */
  field(name: string): Field | undefined {
    // Most are called after their protocol.
    const usual = this.protocols[this.id(beginning(name))]?.fields.find((field) => field.name === name);
    if (usual !== undefined) return usual;
    for (const { field } of this.meanings(name)) if (field instanceof Field && field.name === name) return field;
    return undefined;
  }
  /** Does what a name stands for depend on the packets before? */
  dependsOnFlow({ protocol, field }: Meaning): boolean {
    return (!(field instanceof Field) && field.flow === true) || this.protocols[protocol]?.fromFlow !== undefined;
  }
  /** The protocol that reads frames of a link type (a LINKTYPE number); NONE when there is none. */
  linkLayer(dlt: number): number {
    return this.bindings[LINK_LAYER.slot]!.findLast(([key]) => key === dlt)?.[1] ?? NONE;
  }
  /** By key of a table: the id of the protocol that reads what is handed on under it, or NONE. */
  idsIn({ slot, size }: Table): Int16Array {
    const known = this.readers[slot];
    if (known !== undefined) return known;
    const ids = new Int16Array(size).fill(NONE);
    for (const [key, id] of this.bindings[slot] ?? []) ids[key] = id;
    return (this.readers[slot] = ids);
  }
  /** Another registry, in which `protocol` reads what `table` holds under `key`. */
  decodeAs(table: string, key: number, protocol: string): Registry {
    return new Registry(this.protocols, [...this.overrides, [table, key, protocol]]);
  }

  /** Another registry, in which `protocol` reads all that `table` hands on. */
  decodeAll(table: string, protocol: string): Registry {
    return new Registry(this.protocols, [...this.overrides, [table, ALL, protocol]]);
  }
  private sizeOf(name: string): number {
    return this.tables.get(name)?.size ?? 0;
  }

  private bind(name: string, key: number, id: number, who: string): void {
    if (id === NONE) throw new ToolError('unknown-protocol', `no protocol is called "${who}"`, 'hooktap protocols');
    const found = this.tables.get(name);
    if (found === undefined)
      throw new ToolError('unknown-table', `${who}: no protocol opens the table "${name}"`, 'hooktap protocols');
    if (!(key >= 0 && key < found.size))
      throw new ToolError('bad-key', `${who}: the table ${name} has keys from 0 to ${found.size - 1}, not ${key}`);
    this.bindings[found.slot]!.push([key, id]);
  }
  private table(name: string, who: string): Guesser[] {
    const found = this.tables.get(name);
    if (found === undefined) throw new ToolError('unknown-table', `${who}: no protocol opens the table "${name}"`);
    return this.guessers[found.slot]!;
  }
}
function meaningsOf(
  protocols: readonly Protocol[],
  wanted: (protocol: Protocol) => boolean,
): ReadonlyMap<string, readonly Meaning[]> {
  const meanings = new Map<string, Meaning[]>();
  const add = (name: string | undefined, meaning: Meaning) => {
    if (name === undefined) return;
    const known = meanings.get(name);
    if (known === undefined) meanings.set(name, [meaning]);
    else known.push(meaning);
  };
  for (const field of FRAME_FIELDS) add(field.name, { protocol: NONE, field });
  for (const [protocol, each] of protocols.entries()) {
    if (!wanted(each)) continue;
    const { fields, computed = [] } = each;
    for (const field of fields) {
      add(field.name, { protocol, field });
      add(field.spec.also, { protocol, field });
    }
    for (const field of computed) {
      add(field.name, { protocol, field });
      add(field.also, { protocol, field });
    }
  }
  return meanings;
}
/** Keyed by LINKTYPE number: where the first protocol of a packet is found. */
export const LINK_LAYER: Table = table('link', 0x1_0000);

const repeated = (protocols: readonly Protocol[]): string =>
  protocols.map((p) => p.name).find((name, i, all) => all.indexOf(name) < i) ?? '';
