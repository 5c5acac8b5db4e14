import { Field } from '../bytes/field.ts';
import { ipv4Kind, ipv6Kind, type Kind, u16Kind } from '../bytes/kind.ts';
import { type Protocol, type Table, table } from './protocol.ts';

/** What finding a protocol takes: told before the rest of it is loaded. */
export interface Outline extends Pick<Protocol, 'name' | 'shownAs' | 'title' | 'source' | 'size' | 'on' | 'fromFlow'> {
  readonly opens: readonly (readonly [table: string, size: Table['size']])[];
  /** The tables in which it recognises payloads by their look. */
  readonly guesses?: readonly string[];
  readonly ends?: readonly (readonly [name: string, distance: number, size: number])[];
  /** With what the names of its fields begin, before the first dot: the protocol's name, and seldom others. */
  readonly begins: readonly string[];
  /** Has tcpdump text for it? */
  readonly hasLine?: true;
}

/** The outline of a protocol, for {@link asleep}: numbers and texts only, so that it can be kept as JSON. */
export function outlineOf(whole: Protocol): Outline {
  const { name, shownAs, title, source, size, on, fromFlow, opens, guess, ends, line } = whole;
  return {
    name,
    ...(shownAs === undefined ? {} : { shownAs }),
    title,
    source,
    size,
    on,
    ...(fromFlow === undefined ? {} : { fromFlow }),
    opens: opens.map((t) => [t.name, t.size]),
    ...(guess === undefined ? {} : { guesses: guess.in }),
    ...(ends === undefined ? {} : { ends: ends.map((end) => [end.name, end.distance, end.size]) }),
    begins: [...beginningsOf(whole)],
    ...(line === undefined ? {} : { hasLine: true }),
  };
}
/** With what the names of a protocol's fields begin; does not wake it. */
export function beginningsOf(protocol: Protocol): Iterable<string> {
  if (protocol instanceof Sleeper) return protocol.begins;
  const begins = new Set<string>();
  for (const { name, spec } of protocol.fields) {
    begins.add(beginning(name));
    if (spec.also !== undefined) begins.add(beginning(spec.also));
  }
  for (const { name, also } of protocol.computed ?? []) {
    begins.add(beginning(name));
    if (also !== undefined) begins.add(beginning(also));
  }
  return begins;
}
/** `tcp` of `tcp.flags.syn`. */
export const beginning = (name: string): string => name.split('.', 1)[0]!;

/**
 * A protocol that is loaded when its first packet comes, or when somebody wants to know more of it than its outline:
 * to declare the fields of all protocols takes longer than to read most captures.
 */
export const asleep = (outline: Outline, load: () => Protocol): Protocol => new Sleeper(outline, load) as Protocol;

/** Each property of a protocol, so that none is forgotten here. */
type Whole = { readonly [Key in keyof Required<Protocol>]: Protocol[Key] };
class Sleeper implements Whole {
  readonly name: string;
  readonly shownAs: Protocol['shownAs'];
  readonly title: string;
  readonly source: string;
  readonly size: number;
  readonly on: Protocol['on'];
  readonly fromFlow: Protocol['fromFlow'];
  readonly opens: readonly Table[];
  readonly guess: Protocol['guess'];
  readonly ends: Protocol['ends'];
  readonly line: Protocol['line'];
  readonly begins: readonly string[];
  private loaded: Protocol | undefined;

  constructor(
    outline: Outline,
    private readonly load: () => Protocol,
  ) {
    this.name = outline.name;
    this.shownAs = outline.shownAs;
    this.title = outline.title;
    this.source = outline.source;
    this.size = outline.size;
    this.on = outline.on;
    this.fromFlow = outline.fromFlow;
    this.begins = outline.begins;
    const { opens, guesses, ends } = outline;
    this.opens = opens.length === 0 ? NO_TABLES : opens.map(([name, size]) => table(name, size));
    this.guess = guesses && { in: guesses, likes: (bytes, from, to) => this.awake().guess!.likes(bytes, from, to) };
    this.ends = ends && [endField(ends[0]!, 0), endField(ends[1]!, 1)];
    this.line = outline.hasLine && ((w, frame, d) => this.awake().line!(w, frame, d));
  }
  readonly step: Protocol['step'] = (frame, bytes, at, end) => this.awake().step(frame, bytes, at, end);

  get fields() {
    return this.awake().fields;
  }
  get computed() {
    return this.awake().computed;
  }
  get expects() {
    return this.awake().expects;
  }
  get exchange() {
    return this.awake().exchange;
  }
  get expand() {
    return this.awake().expand;
  }
  get check() {
    return this.awake().check;
  }
  get summary() {
    return this.awake().summary;
  }
  get express() {
    return this.awake().express;
  }
  get spansPayload() {
    return this.awake().spansPayload;
  }
  get link() {
    return this.awake().link;
  }
  get framing() {
    return this.awake().framing;
  }
  get tellsEtherType() {
    return this.awake().tellsEtherType;
  }
  private awake(): Protocol {
    return (this.loaded ??= this.load());
  }
}
const NO_TABLES: readonly Table[] = [];
/** An end is a port or an address; its size in bytes tells which. */
const END_KINDS: Readonly<Record<number, Kind>> = { 2: u16Kind, 4: ipv4Kind, 16: ipv6Kind };
function endField([name, distance, size]: readonly [string, number, number], index: number): Field {
  const kind = END_KINDS[size]!;
  return new Field(name, distance, size, { kind, label: '' }, kind.read?.(distance) ?? (() => Number.NaN), index);
}
