import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { segment } from './tcp/header.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const MAX_TOKEN = 128;
/** No line follows. */
const LAST = -1;
const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
const isWhite = (byte: number): boolean => byte === SPACE || byte === TAB;
const isLineEnd = (byte: number): boolean => byte === CR || byte === LF;

/** Does the TCP segment below layer `d` come from one of these ports, or go to one? */
export function usesPort(frame: Frame, d: number, ports: readonly number[]): boolean {
  if (d === 0 || frame.registry.protocols[frame.layer[d - 1]!]!.name !== segment.$name) return false;
  const at = frame.from[d - 1]!;
  return ports.includes(segment.srcport.read(frame.bytes, at)) || ports.includes(segment.dstport.read(frame.bytes, at));
}

/**
 * tcpdump's text of a protocol whose messages are lines: the protocol's name and the first line, with `-v` all lines.
 * Where there are `methods`, a segment that begins with none of them and with no response is in the middle of a body,
 * of which nothing is shown.
 */
export function messageText(w: Line, name: string, at: number, length: number, methods?: ReadonlySet<string>): void {
  const end = at + length;
  w.label = name;
  w.str(name.toUpperCase());
  if (methods !== undefined && !beginsMessage(w, at, end, methods)) return;
  if (w.verbose === 0) {
    lineText(w, ': ', at, end);
    return;
  }
  w.str(', length: ');
  w.dec(length);
  for (let next = at; next !== LAST && next < end; ) next = lineText(w, '\n\t', next, end);
}
/** A known method first, or a status code of three digits second. */
function beginsMessage(w: Line, at: number, end: number, methods: ReadonlySet<string>): boolean {
  const first = tokenEnd(w, at, end);
  if (first === at) return false;
  if (methods.has(wordAt(w, at, first).toUpperCase())) return true;
  let second = first;
  while (second < end && w.has(second, 1) && isWhite(w.u8(second))) second++;
  return /^\d{3}$/.test(wordAt(w, second, tokenEnd(w, second, end)));
}
/** Where the word at `at` ends; `at` when it is none. */
function tokenEnd(w: Line, at: number, end: number): number {
  let to = at;
  for (; to < end; to++) {
    if (!w.has(to, 1) || to - at > MAX_TOKEN) return at;
    const byte = w.u8(to);
    if (isWhite(byte) || isLineEnd(byte)) return to;
    if (!isPrintable(byte)) return at;
  }
  return to - at > MAX_TOKEN ? at : to;
}
function wordAt(w: Line, from: number, to: number): string {
  let word = '';
  for (let i = from; i < to; i++) word += String.fromCharCode(w.u8(i));
  return word;
}
/** Writes a line without its end, after `before`; returns where the next begins, or LAST when no other is shown. */
function lineText(w: Line, before: string, at: number, end: number): number {
  let to = at;
  let size = 0;
  for (; to < end && size === 0; to++) {
    const byte = w.u8(to);
    if (byte === LF) size = 1;
    else if (byte === CR) {
      // A carriage return that ends no line makes it data, not text.
      if (to + 1 >= end || w.u8(to + 1) !== LF) return LAST;
      size = 2;
    } else if (!isPrintable(byte) && byte !== TAB) return LAST;
  }
  const lineEnd = size > 0 ? to - 1 : to;
  w.str(before);
  w.room(lineEnd - at);
  for (let i = at; i < lineEnd; i++) w.char(w.u8(i));
  if (size > 0) return lineEnd + size;
  w.trunc();
  return LAST;
}
