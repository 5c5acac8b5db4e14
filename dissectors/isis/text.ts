import type { Line } from '../../src/dissect/line.ts';
import { flagNames, hex, nameOf, say } from '../say.ts';
import { LINE, unknownData } from '../unknown-data.ts';
import { isis } from './fields.ts';
import { CIRCUITS, SYSTEM_TYPES, UNIT, UNITS } from './names.ts';
import { recordsText } from './records.ts';
import { checksumText, IN_UNIT, systemId } from './value.ts';

/** The length of the header with the unit's own part, as the header must tell it. */
const SIZES: Readonly<Record<number, number>> = {
  [UNIT.lan1]: 27,
  [UNIT.lan2]: 27,
  [UNIT.pointToPoint]: 20,
  [UNIT.state1]: 27,
  [UNIT.state2]: 27,
  [UNIT.complete1]: 33,
  [UNIT.complete2]: 33,
  [UNIT.partial1]: 17,
  [UNIT.partial2]: 17,
};
const VERSION = 1;
const ID_SIZE = 6;

/** tcpdump's text of a unit of `length` bytes. What it cannot make sense of is shown as bytes. */
export function isisText(w: Line, at: number, length: number): void {
  w.label = 'isis';
  if (!w.has(at, isis.$size) || length < isis.$size) w.trunc();
  else if (!unitText(w, at, length)) unknownData(w, at, length, LINE);
}
/** False when the unit makes no sense. */
function unitText(w: Line, at: number, length: number): boolean {
  if (!w.link) w.str('IS-IS');
  const wrong = headWrong(w, at, length);
  if (wrong !== undefined) {
    w.str(wrong);
    return false;
  }
  const type = w.u8(at + 4);
  if (w.verbose === 0) say(w, w.link ? '' : ', ', nameOf(UNITS, type, 'unknown PDU-Type %'));
  else headText(w, at, length, type);
  const size = SIZES[type];
  if (size === undefined) {
    if (w.verbose === 0) say(w, ', length ', length);
    else unknownData(w, at + isis.$size, length, IN_UNIT);
    return w.verbose === 0;
  }
  return bodyText(w, at, length, type, size);
}
/** What is wrong with the header. */
function headWrong(w: Line, at: number, length: number): string | undefined {
  const idSize = w.u8(at + 3);
  const size = w.u8(at + 1);
  for (const version of [w.u8(at + 2), w.u8(at + 5)]) {
    if (version !== VERSION) return `version ${version} packet not supported`;
    if (idSize !== ID_SIZE && idSize !== 0) return `system ID length of ${idSize} is not supported`;
  }
  if (length < size) return `fixed header length ${size} > packet length ${length}`;
  if (size < isis.$size) return `fixed header length ${size} < minimum header size ${isis.$size}`;
  return w.u8(at + 7) === 255 ? 'bad packet -- 255 areas' : undefined;
}
function headText(w: Line, at: number, length: number, type: number): void {
  say(w, w.link ? '' : ', ', 'length ', length);
  const areas = w.u8(at + 7);
  say(w, '\n\t', nameOf(UNITS, type, 'unknown, type %'), ', hlen: ', w.u8(at + 1), ', v: ', w.u8(at + 2));
  say(w, ', pdu-v: ', w.u8(at + 5), ', sys-id-len: 6 (', w.u8(at + 3), ')');
  say(w, ', max-area: ', areas === 0 ? 3 : areas, ' (', areas, ')');
  if (w.verbose > 1) unknownData(w, at, isis.$size, LINE);
}
function bodyText(w: Line, at: number, length: number, type: number, size: number): boolean {
  const told = w.u8(at + 1);
  if (told !== size) {
    const state = type === UNIT.state1 || type === UNIT.state2;
    const partial = type === UNIT.partial1 || type === UNIT.partial2;
    // tcpdump leaves the common part out where it tells the length of a link state.
    const should = state ? size - isis.$size : size;
    say(w, partial ? '- ' : ', ', 'bogus fixed header length ', told, ' should be ', should);
    return false;
  }
  if (!w.has(at, size) || length < size) {
    w.trunc();
    return true;
  }
  const { brief, lengthAt, full } = BODIES[type]!;
  const body = at + isis.$size;
  if (w.verbose === 0) {
    brief(w, body);
    say(w, ', length ', length);
    return true;
  }
  const within = Math.min(length, w.u16(body + lengthAt));
  full(w, body, within);
  if (w.verbose > 1) unknownData(w, body, size - isis.$size, IN_UNIT);
  if (within < size) {
    say(w, ' [packet length ', within, ' < ', size, ']');
    w.invalid();
    return true;
  }
  recordsText(w, at, size, within);
  return true;
}

interface Body {
  readonly brief: (w: Line, at: number) => void;
  /** Where the unit tells its length. */
  readonly lengthAt: number;
  /** `length` is that of the whole unit, as far as it is there. */
  readonly full: (w: Line, at: number, length: number) => void;
}
const circuit = (w: Line, at: number): string => CIRCUITS[w.u8(at)] ?? `unknown circuit type 0x${hex(w.u8(at), 2)}`;
const lan: Body = {
  brief(w, at) {
    say(w, ', src-id ', systemId(w, at + 1, 6));
    say(w, ', lan-id ', systemId(w, at + 12, 7), ', prio ', w.u8(at + 11));
  },
  lengthAt: 9,
  full(w, at) {
    say(w, '\n\t  source-id: ', systemId(w, at + 1, 6), ',  holding time: ', w.u16(at + 7), 's');
    say(w, ', Flags: [', circuit(w, at), ']\n\t  lan-id:    ', systemId(w, at + 12, 7));
    say(w, ', Priority: ', w.u8(at + 11) & 0x7f, ', PDU length: ', w.u16(at + 9));
  },
};
const pointToPoint: Body = {
  brief: (w, at) => say(w, ', src-id ', systemId(w, at + 1, 6)),
  lengthAt: 9,
  full(w, at) {
    say(w, '\n\t  source-id: ', systemId(w, at + 1, 6), ', holding time: ', w.u16(at + 7), 's');
    say(w, ', Flags: [', circuit(w, at), ']\n\t  circuit-id: 0x', hex(w.u8(at + 11), 2));
    say(w, ', PDU length: ', w.u16(at + 9));
  },
};
const seconds = (w: Line, at: number): string => `${String(w.u16(at)).padStart(5)}s`;
/** Where the checksum stands, from the link state's ID on, and how much of the unit is before the ID. */
const SUM = { at: 12, before: 12 } as const;
const state: Body = {
  brief(w, at) {
    say(w, ', lsp-id ', systemId(w, at + 4, 8), ', seq 0x', hex(w.u32(at + 12), 8), ', lifetime ', seconds(w, at + 2));
  },
  lengthAt: 0,
  full(w, at, length) {
    say(w, '\n\t  lsp-id: ', systemId(w, at + 4, 8), ', seq: 0x', hex(w.u32(at + 12), 8));
    say(w, ', lifetime: ', seconds(w, at + 2), '\n\t  chksum: 0x', hex(w.u16(at + 16), 4));
    checksumText(w, at + 4, SUM.at, length - SUM.before, w.u16(at + 16));
    say(w, ', PDU length: ', w.u16(at), ', Flags: [ ', blockText(w.u8(at + 18)), ' ]');
  },
};
/** Which ways out of the area the system knows. */
const ATTACHED = [
  [0x08, 'default '],
  [0x10, 'delay '],
  [0x20, 'expense '],
  [0x40, 'error '],
] as const;
const blockText = (block: number): string =>
  [
    (block & 0x04) === 0 ? '' : 'Overload bit set, ',
    (block & 0x78) === 0 ? '' : `${flagNames(ATTACHED, block, '', '')}ATT bit set, `,
    (block & 0x80) === 0 ? '' : 'P bit set, ',
    SYSTEM_TYPES[block & 3]!,
  ].join('');
const source = (w: Line, at: number): void => say(w, ', src-id ', systemId(w, at + 2, 7));
const sourceText = (w: Line, at: number): void =>
  say(w, '\n\t  source-id:    ', systemId(w, at + 2, 7), ', PDU length: ', w.u16(at));
const complete: Body = {
  brief: source,
  lengthAt: 0,
  full(w, at) {
    sourceText(w, at);
    say(w, '\n\t  start lsp-id: ', systemId(w, at + 9, 8), '\n\t  end lsp-id:   ', systemId(w, at + 17, 8));
  },
};
const partial: Body = { brief: source, lengthAt: 0, full: sourceText };
const BODIES: Readonly<Record<number, Body>> = {
  [UNIT.lan1]: lan,
  [UNIT.lan2]: lan,
  [UNIT.pointToPoint]: pointToPoint,
  [UNIT.state1]: state,
  [UNIT.state2]: state,
  [UNIT.complete1]: complete,
  [UNIT.complete2]: complete,
  [UNIT.partial1]: partial,
  [UNIT.partial2]: partial,
};
