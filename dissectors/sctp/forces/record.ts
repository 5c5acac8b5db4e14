/** What all records of ForCES have (RFC 5810 section 6.2), as tcpdump writes it. */
import { type Literal, literal } from '../../../src/bytes/text.ts';
import type { Line } from '../../../src/dissect/line.ts';
import { hex, say } from '../../say.ts';

/** Of a record: its type and length. */
export const HEAD = 4;
export const aligned = (length: number): number => (length + 3) & ~3;
export const indent = (width: number): string => ' '.repeat(Math.min(width, MAX_INDENT));
const MAX_INDENT = 255;

/** Why a record of `length` bytes makes no sense where `left` are left; undefined when it does. */
export function mistake(length: number, left: number, head = HEAD): string | undefined {
  if (left < head) return 'Invalid total length';
  if (length < head) return 'xLV too short';
  if (length > left) return 'xLV too long';
  return aligned(length) > left ? 'data padding missing' : undefined;
}
/** Bytes in hexadecimal; the line is cut where they end too early. */
export function dump(w: Line, at: number, size: number, mark: string): void {
  w.hexDump(at, Math.min(at + size, w.limit), false, literalOf(mark));
  w.need(at, size);
}
const literals = new Map<string, Literal>();
/** Indents come in some hundred forms, and each is used again. */
function literalOf(text: string): Literal {
  let known = literals.get(text);
  if (known === undefined) literals.set(text, (known = literal(text)));
  return known;
}
const NAMES: Readonly<Record<number, string>> = {
  0: 'Invalid TLV',
  1: 'REDIRECT TLV',
  16: 'ASResult TLV',
  17: 'ASTreason TLV',
  4096: 'LFBselect TLV',
  272: 'PATH-DATA TLV',
  273: 'KEYINFO TLV',
  274: 'FULLDATA TLV',
  275: 'SPARSEDATA TLV',
  276: 'RESULT TLV',
  277: 'METADATA TLV',
  278: 'REDIRECTDATA TLV',
};
export const recordName = (type: number): string => NAMES[type] ?? `#${type}`;
export const isRecord = (type: number): boolean =>
  type === 1 || type === 0x1000 || type === 0x10 || type === 0x11 || (type >= 0x110 && type <= 0x116);

/** What is left over of records, which begins like one. Lengths are counted without a sign. */
export function messyText(w: Line, what: string, at: number, left: number): void {
  say(w, '\n\t\tMessy ', what, ' TLV header, type (0x', hex(w.u16(at)), ')');
  say(w, '\n\t\texcess of ', (left - w.u16(at + 2)) >>> 0, ' Bytes ');
}
