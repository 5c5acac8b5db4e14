import type { Field, Header } from '../bytes/field.ts';
import type { Text } from '../bytes/text.ts';
import type { MakeExpress } from './express.ts';
import type { Frame } from './frame.ts';
import type { Line } from './line.ts';

/** "Nobody reads this": what a step returns when there is no next layer. */
export const NONE = -1;

/** A place where a parent hands its payload on, by number. */
export interface Table {
  /** Wireshark's name of the table, such as `udp.port`. */
  readonly name: string;
  /** Distinguishes tables in arrays; means nothing else. */
  readonly slot: number;
  readonly size: 0x100 | 0x1_0000;
}
const tables = new Map<string, Table>();
/** The table of a name: the same for everybody who asks, as a protocol's outline names it before the protocol is loaded. */
export function table(name: string, size: Table['size']): Table {
  const known = tables.get(name);
  if (known?.size === size) return known;
  if (known !== undefined) throw new Error(`the table ${name} has ${known.size} keys, not ${size}`);
  const made = { name, size, slot: tables.size };
  tables.set(name, made);
  return made;
}

/**
 * Finds the payload and who reads it: returns {@link Frame.handOn}'s or {@link Frame.passOn}'s answer, or {@link NONE}.
 * Called only when the fixed header was captured and lies before `end`, the layer's claimed end, so it checks none of that.
 */
export type Step = (frame: Frame, bytes: Uint8Array, at: number, end: number) => number;
/** Reports one field that has no fixed place; `[from, to)` lies inside the layer. */
export type Visit = (field: Field, from: number, to: number) => void;

/** Whole numbers beyond 2^53, and all moments and spans of time (in nanoseconds), are bigints, which compare with numbers. */
export type Value = number | string | boolean | bigint;

/**
 * Tells what will come over UDP or TCP to or from an address (of 4 or 16 bytes, of which no copy needs to be made) and a
 * port: a protocol, by its name.
 */
export type Expect = (protocol: string, transport: 'udp' | 'tcp', address: Uint8Array, port: number) => void;
/** What a request and the reply to it have in common, beside their addresses: two numbers of 32 bits. */
export interface Exchange {
  asks: boolean;
  /** What is asked again while it waits is the same request: the first one counts, and the others are told its number. */
  repeats: boolean;
  id: number;
  check: number;
}

/** A field that stands nowhere in the packet as such: worked out from its layers when somebody asks. */
export interface Computed {
  /** Wireshark's filter name, such as `tcp.len`. */
  readonly name: string;
  readonly label: string;
  readonly unit?: string;
  /**
   * `float`: a number that need not be whole. `time`: nanoseconds, shown as seconds with nine decimals. `moment`: nanoseconds since 1970, shown as a date.
   * `bytes`: the packet's own, in {@link place}.
   */
  readonly type: 'number' | 'float' | 'text' | 'boolean' | 'time' | 'moment' | 'bytes';
  readonly base?: 'hex';
  readonly names?: Readonly<Record<number, string>>;
  /** Another name of Wireshark's that means this field among others. */
  readonly also?: string;
  /** Depends on the packets before: whoever wants it has each packet go through the table of streams. */
  readonly flow?: boolean;
  /** Told to who asks for it by name, in a column or a filter: trees and JSON leave it out, or every packet would pay for it. */
  readonly onRequest?: boolean;
  /** It is 1 or 0, as a bit of the first octet of a field of the fixed header is set or not: its text can be kept. */
  readonly bit?: { readonly of: Field; readonly mask: number };
  /** Is asked also of layers whose fixed header was not captured. */
  readonly evenCut?: boolean;
  /**
   * For layer `d`, which was captured as far as its fixed header; undefined when the packet has no such thing.
   * Several values where the packet has several.
   */
  value(frame: Frame, d: number): Value | readonly Value[] | undefined;
  /** Writes what {@link value} tells without making a value of it, or nothing; for what is asked of every packet. No quotes, no backslashes. */
  write?(w: Text, frame: Frame, d: number): void;
  /** The bytes it stands for, for type `bytes` and to show where the value comes from: puts them into `place`, or says no. */
  place?(frame: Frame, d: number, place: Place): boolean;
}
/** A run of bytes of the layer's buffer. */
export interface Place {
  from: number;
  to: number;
}

/** The texts of a layer of several messages, each of which Wireshark has as a layer of its own. */
export interface EachSummary {
  /** The fields with which a message is known: one text for each that {@link Protocol.expand} reports. */
  readonly each: readonly Field[];
  /** Fields in braces have the values that were reported last. */
  readonly text: string | ((last: (field: Field) => number) => string);
}

export interface Protocol {
  /** Wireshark's name, such as `ip`: filters, JSON and `frame.protocols` use it. */
  readonly name: string;
  /** What users see in place of the name: Wireshark has one name for some protocols with several headers. */
  readonly shownAs?: string;
  readonly title: string;
  /** Where it is defined, such as `RFC 791`. */
  readonly source: string;
  readonly fields: readonly Field[];
  readonly computed?: readonly Computed[];
  /** In bytes: the part of the header that is always there. */
  readonly size: number;
  /** The tables this protocol opens for others. */
  readonly opens: readonly Table[];
  /** The tables this protocol is found in, by name: `{ 'udp.port': 4789 }`. */
  readonly on: Readonly<Record<string, number | readonly number[]>>;
  readonly step: Step;
  /** Recognises a payload that no number announces; asked in the named tables, on what was captured. */
  readonly guess?: {
    readonly in: readonly string[];
    readonly likes: (bytes: Uint8Array, from: number, to: number) => boolean;
  };
  /**
   * Found also by what earlier packets told, where no port and no look tells: `expected` where another layer's
   * {@link expects} said so, `lasting` also in all that is left of a conversation in which it was found once. Not for
   * tcpdump's lines, which have no such memory.
   */
  readonly fromFlow?: 'expected' | 'lasting';
  /** Which payloads of UDP and TCP layer `d` announces. */
  readonly expects?: (frame: Frame, d: number, expect: Expect) => void;
  /** Tells which exchange layer `d`, a request or a reply, belongs to; false: it is neither. */
  readonly exchange?: (frame: Frame, d: number, told: Exchange) => boolean;
  /** Finds the fields without a fixed place. Stops at the layer's end and at the capture's end. */
  readonly expand?: (frame: Frame, d: number, visit: Visit) => void;
  /** Looks for what is wrong with the packet (checksums, lengths) and marks it: see {@link Frame.mark}. */
  readonly check?: (frame: Frame, d: number) => void;
  /** Source and destination, which tcpdump writes as `a > b`, and with the next layer's as `a.p > b.q`. */
  readonly ends?: readonly [Field, Field];
  /**
   * tcpdump's text for this layer and those above it; absent where tcpdump has none. Where tcpdump has none for some
   * of the packets only (it knows one of two ports), it writes nothing and returns false: the layer below tells its own.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: most have nothing to return.
  readonly line?: (w: Line, frame: Frame, d: number) => boolean | void;
  /**
   * The layer as one text, in Wireshark's words, with fields in braces: `Port {udp.srcport}`, `VNI {geneve.vni:x}`; which of several, where the
   * packet decides. Absent where Wireshark has no more than the protocol's name.
   */
  readonly summary?: string | ((frame: Frame, d: number) => string) | EachSummary;
  /** The lines of its most usual packets, without a frame between: see {@link Express}. */
  readonly express?: MakeExpress;
  /**
   * Its bytes are those of its header alone, unless it is told that they reach over what it carries: in a display filter
   * `ip[20]` is nothing in most packets, `tcp[20]` the first byte behind the usual header. As Wireshark has it.
   */
  readonly spansPayload?: boolean;
  /** Part of the link layer: what `-x` leaves out and `-xx` shows. */
  readonly link?: boolean;
  /** Only delimits the messages of the layer above, such as DNS's two bytes of length in TCP: not named in `frame.protocols`. */
  readonly framing?: boolean;
  /** Does an EtherType tell what layer `d` carries? `frame.protocols` shows that as a layer `ethertype`. */
  readonly tellsEtherType?: (frame: Frame, d: number) => boolean;
}

type Optional = Partial<Omit<Protocol, 'name' | 'fields' | 'size' | 'title' | 'source'>>;

/** Joins a header with what is done with it. */
export const protocol = (
  layout: Pick<Header<object, object>, '$name' | '$size' | '$all'>,
  rest: { readonly title: string; readonly source: string } & Optional,
): Protocol => ({
  opens: [],
  on: {},
  step: () => NONE,
  ...rest,
  name: layout.$name,
  size: layout.$size,
  fields: layout.$all,
});
