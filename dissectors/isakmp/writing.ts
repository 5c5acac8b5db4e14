import type { Line } from '../../src/dissect/line.ts';
import { type Names, PAYLOADS } from './names.ts';

/** "Nothing more can be said": what is returned in place of where a payload ends. */
export const STOP = -1;
/** In bytes: the next payload's type, a flag, the length. */
export const GENERIC = 4;

/** What payloads are told of the message that they are in. */
export interface Context {
  /** Of the proposal. */
  readonly proto: number;
  readonly depth: number;
  /** Version 2 of the protocol. */
  readonly isSecond: boolean;
}
/** Writes the payload of `size` bytes at `at`; returns where the next one begins, or {@link STOP}. */
export type PayloadText = (w: Line, at: number, size: number, context: Context, type: number) => number;

export const nameOf = (names: Names, value: number): string => names[value] ?? `#${value}`;
/** ` [|sa]`: the payload is cut. */
export function cutPayload(w: Line, type: number): typeof STOP {
  w.str(` [|${nameOf(PAYLOADS, type)}]`);
  return STOP;
}
/** Bytes as hexadecimal digits; false, and nothing written, when not all of them were captured. */
export function hexText(w: Line, at: number, count: number): boolean {
  if (!w.has(at, count)) return false;
  w.hexAt(at, count);
  return true;
}
/** The first ten bytes of `[at, end)` and the last twenty. */
export function someText(w: Line, at: number, end: number): boolean {
  const first = Math.min(10, end - at);
  const last = Math.max(end - 20, at + first);
  w.str(' data=(');
  if (!hexText(w, at, first)) return false;
  w.str('...');
  if (!hexText(w, last, end - last)) return false;
  w.char(0x29);
  return true;
}
/** ` ` and the body in hexadecimal, with `-vvv`. */
export function bodyText(w: Line, from: number, count: number): boolean {
  if (w.verbose < 3 || count <= 0) return true;
  w.char(0x20);
  return hexText(w, from, count);
}
/** A line of its own for what lies one deeper. */
export function newLine(w: Line, depth: number): void {
  w.char(0x0a);
  for (let i = 0; i <= depth; i++) w.str('    ');
  w.char(0x28);
}
