import type { Field } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import type { Visit } from '../src/dissect/protocol.ts';
import { find, isNumber, lineEnd, nextLine, skipWhite, wordAt } from './text-lines.ts';

const SPACE = 0x20;
const HYPHEN = 0x2d;
const MAX_COMMAND = 12;

/** The fields of a protocol in which commands are answered by numbers with a text (RFC 959, RFC 5321). */
export interface DialogFields {
  readonly request: Field;
  readonly command: Field;
  readonly argument: Field;
  readonly response: Field;
  readonly code: Field;
  readonly text: Field;
}
/** Visits a line of the dialog. False when it is none. */
export function visitDialogLine(
  fields: DialogFields,
  isCommand: (word: string) => boolean,
  bytes: Uint8Array,
  at: number,
  to: number,
  end: number,
  visit: Visit,
): boolean {
  const code = at + 3;
  if (code <= to && isNumber(bytes, at, code, end) && (code === to || isBetween(read8(bytes, code)))) {
    visit(fields.response, at, to);
    visit(fields.code, at, code);
    if (code + 1 < to) visit(fields.text, code + 1, to);
    return true;
  }
  const wordEnd = find(bytes, SPACE, at, Math.min(to, at + MAX_COMMAND + 1));
  if (wordEnd - at > MAX_COMMAND || !isCommand(wordAt(bytes, at, wordEnd).toUpperCase())) return false;
  visit(fields.request, at, to);
  visit(fields.command, at, wordEnd);
  const argument = skipWhite(bytes, wordEnd, to);
  if (argument < to) visit(fields.argument, argument, to);
  return true;
}
/** What stands between the number and the text: a hyphen when more lines follow. */
const isBetween = (byte: number): boolean => byte === SPACE || byte === HYPHEN;

/** So much of a header line tells the type of what follows. */
const MAX_TYPE_LINE = 80;
/** Where the body begins of a message whose header has a line that `type` matches; -1: it has none, or no body. */
export function bodyOfType(bytes: Uint8Array, from: number, end: number, type: RegExp): number {
  let found = false;
  const blank = eachLine(bytes, from, end, (at, to) => {
    found ||= type.test(wordAt(bytes, at, Math.min(to, at + MAX_TYPE_LINE)));
    return to > at;
  });
  const body = nextLine(bytes, blank, end);
  return found && body < end ? body : -1;
}
/** Calls `each` with the place of each line until it returns false; returns where that line begins, or `end`. */
export function eachLine(
  bytes: Uint8Array,
  from: number,
  end: number,
  each: (at: number, to: number) => boolean,
): number {
  for (let at = from; at < end; ) {
    const to = lineEnd(bytes, at, end);
    if (!each(at, to)) return at;
    at = nextLine(bytes, to, end);
  }
  return end;
}
