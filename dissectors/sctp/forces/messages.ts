/** The records that messages of ForCES consist of (RFC 5810 section 7), as tcpdump writes them. */
import type { Line } from '../../../src/dissect/line.ts';
import { hex, say } from '../../say.ts';
import { pathsText, pathText, TARGET } from './paths.ts';
import { aligned, dump, HEAD, indent, isRecord, messyText, mistake, recordName } from './record.ts';
import { metadataText } from './values.ts';

const WIDTH = 9;
/** Writes a record behind its head; `length` counts the head. False when it makes no sense. */
type RecordText = (w: Line, at: number, length: number, operations: readonly number[]) => boolean;
interface Message {
  readonly name: string;
  /** How many records at most; none: an error if there are any. */
  readonly most: number;
  /** None is fine, too. */
  readonly mayLack?: boolean;
  readonly record?: RecordText;
  /** What may be done with a function of the element. */
  readonly operations?: readonly number[];
}
const [SET, SET_PROPERTIES, SET_RESPONSE, SET_PROPERTIES_RESPONSE, DELETE, DELETE_RESPONSE, GET] = [
  1, 2, 3, 4, 5, 6, 7,
] as const;
const [GET_PROPERTIES, GET_RESPONSE, GET_PROPERTIES_RESPONSE, REPORT, COMMIT, COMMIT_RESPONSE, COMPLETE] = [
  8, 9, 10, 11, 12, 13, 14,
] as const;
const MANY = 15;
/** By type, with the names that tcpdump's users know. */
export const MESSAGES: Readonly<Record<number, Message>> = {
  1: { name: 'Association Setup', most: 2, mayLack: true, record: selectText, operations: [REPORT] },
  2: { name: 'Association TearDown', most: 1, record: tearDownText },
  3: { name: 'Config', most: MANY, record: selectText, operations: [SET, SET_PROPERTIES, DELETE, COMMIT, COMPLETE] },
  4: { name: 'Query', most: MANY, record: selectText, operations: [GET, GET_PROPERTIES] },
  5: { name: 'Event Notification', most: 1, record: selectText, operations: [REPORT] },
  6: { name: 'Packet Redirect', most: MANY, record: redirectText },
  15: { name: 'HeartBeat', most: 0 },
  17: { name: 'Association Response', most: 1, record: responseText },
  19: {
    name: 'Config Response',
    most: MANY,
    record: selectText,
    operations: [SET_RESPONSE, SET_PROPERTIES_RESPONSE, DELETE_RESPONSE, COMMIT_RESPONSE],
  },
  20: { name: 'Query Response', most: MANY, record: selectText, operations: [GET_RESPONSE, GET_PROPERTIES_RESPONSE] },
};
/** The records of a message, `size` bytes; false when they make no sense. */
export function recordsText(
  w: Line,
  from: number,
  size: number,
  { most, mayLack, record, operations = [] }: Message,
): boolean {
  if (record === undefined) {
    if (size > HEAD) w.str('<0x1>Illegal Top level TLV!\n');
    return size <= HEAD;
  }
  if (size <= HEAD) {
    if (mayLack !== true) w.str('\tTop level TLV Data missing!\n');
    return mayLack === true;
  }
  let at = from;
  let left = size;
  for (let i = 0; i < most && left > 0 && !w.cut; i++) {
    const [type, length] = [w.u16(at), w.u16(at + 2)];
    if (mistake(length, left) !== undefined) break;
    if (!isRecord(type)) {
      say(w, '\n\tInvalid ForCES Top TLV type=0x', hex(type));
      return false;
    }
    if (w.verbose >= 3) say(w, '\t', recordName(type), ', length ', length, ' (data length ', length - HEAD, ' Bytes)');
    if (!record(w, at + HEAD, length, operations)) return false;
    at += aligned(length);
    left -= aligned(length);
  }
  if (left > 0) say(w, '\tMess TopTLV header: min ', HEAD, ', total ', left, ' advertised ', w.u16(at + 2), ' ');
  return left === 0;
}
function missing(w: Line, what: string, bytes: number): false {
  say(w, '\n\t\ttruncated ', what, ': ', bytes, ' bytes missing! ');
  return false;
}
const CLASSES: Readonly<Record<number, string>> = { 0: 'Invalid TLV', 1: 'FEObj LFB', 2: 'FEProtoObj LFB' };
/** Class and instance, and an operation at least. */
const SELECT = { head: 8, least: 12 } as const;
function selectText(w: Line, at: number, length: number, operations: readonly number[]): boolean {
  const size = length - HEAD;
  if (size <= SELECT.least) return missing(w, 'lfb selector', SELECT.least - size);
  if (!w.has(at, SELECT.head)) {
    w.trunc();
    return false;
  }
  const kind = w.u32(at);
  if (w.verbose >= 3) {
    say(w, '\n', indent(WIDTH), CLASSES[kind] ?? `#${kind | 0}`, '(Classid ', hex(kind), ')');
    say(w, ' instance ', hex(w.u32(at + 4)), '\n');
  }
  return operationsText(w, at + SELECT.head, size - SELECT.head, operations);
}
const VENDOR = 0x8000;
function operationsText(w: Line, from: number, size: number, operations: readonly number[]): boolean {
  let at = from;
  let left = size;
  while (left > 0 && !w.cut) {
    const [type, length] = [w.u16(at), w.u16(at + 2)];
    if (mistake(length, left) !== undefined) break;
    if (operations.includes(type) || type >= VENDOR) operationText(w, at, type, length);
    else {
      if (w.verbose < 3) w.str('\n');
      say(w, '\t\tINValid oper-TLV type 0x', hex(type), ' length ', length, ' for this ForCES message\n');
      rawText(w, at, left);
    }
    at += aligned(length);
    left -= aligned(length);
  }
  if (left > 0) messyText(w, 'oper', at, left);
  return left === 0;
}
const { full, sparse, result } = TARGET;
/** Names, and what the paths may lead to; absent: there are none. */
const OPERATIONS: Readonly<Record<number, readonly [name: string, targets?: number]>> = {
  [SET]: [' Set', full | sparse],
  [SET_PROPERTIES]: [' SetProp', full | sparse],
  [SET_RESPONSE]: [' SetResp', result],
  [SET_PROPERTIES_RESPONSE]: [' SetPropResp', result],
  [DELETE]: [' Del', 0],
  [DELETE_RESPONSE]: [' DelResp', result],
  [GET]: [' Get', 0],
  [GET_PROPERTIES]: [' GetProp', 0],
  [GET_RESPONSE]: [' GetResp', full | sparse | result],
  [GET_PROPERTIES_RESPONSE]: [' GetPropResp', full | result],
  [REPORT]: [' Report', full | sparse],
  [COMMIT]: [' Commit'],
  [COMMIT_RESPONSE]: [' RCommit', result],
  [COMPLETE]: [' RTRCOMP'],
};
const LEAST = 8;
function operationText(w: Line, at: number, type: number, length: number): void {
  const [name, targets] = OPERATIONS[type] ?? ['Invalid OPTLV'];
  const width = WIDTH + 1;
  const size = length - HEAD;
  if (w.verbose >= 3) say(w, indent(width), 'Oper TLV ', name, '(0x', hex(type), ') length ', length, '\n');
  if (size < LEAST) {
    say(w, '\t\tOper TLV ', name, '(0x', hex(type), ') length ', length, '\n');
    say(w, '\t\tTruncated data size ', size, ' minimum required ', LEAST, '\n');
    rawText(w, at + HEAD, size);
  } else if (OPERATIONS[type] === undefined) rawText(w, at + HEAD, size, width + 1);
  else if (type === COMMIT_RESPONSE) committedText(w, at + HEAD, size, result, width + 1);
  else if (targets !== undefined) pathsText(w, at + HEAD, size, targets, width + 1);
}
/** A single path. */
function committedText(w: Line, at: number, size: number, targets: number, width: number): void {
  const [type, length] = [w.u16(at), w.u16(at + 2)];
  say(w, 'genoptlvprint - ', recordName(type), ' TLV type 0x', hex(type), ' len ', length, '\n');
  if (mistake(length, size) !== undefined) {
    say(w, '\t\t\tInvalid ForCES TLV type=', hex(type));
    return;
  }
  if (!isRecord(type)) {
    say(w, '#0 TLV type 0x', hex(type), ' len ', length, '\n');
    return;
  }
  if (w.verbose >= 3)
    say(w, indent(width), recordName(type), ', length ', length, ' (data length ', length - HEAD, ' Bytes)');
  pathText(w, at + HEAD, length - HEAD, targets, width + 1, 0);
}
function rawText(w: Line, at: number, size: number, width = WIDTH + 1): void {
  if (w.verbose < 3) return;
  const margin = indent(width - 1);
  say(w, margin, 'Data[');
  dump(w, at, size, `\n${margin}`);
  say(w, '\n', margin, ']\n');
}
const REASONS = ['Normal Teardown', 'Loss of Heartbeats', 'Out of bandwidth', 'Out of Memory', 'Application Crash'];
const MOST_REASON = 255;
function tearDownText(w: Line, at: number, length: number): boolean {
  const code = length === HEAD + 4 ? w.u32(at) : 0;
  if (length !== HEAD + 4) say(w, 'illegal ASTresult-TLV: ', length - HEAD, ' bytes!\n');
  else if (code > MOST_REASON) say(w, 'illegal ASTresult result code: ', code, '!\n');
  else {
    if (w.verbose < 3) return true;
    say(w, 'Teardown reason:\n', indent(WIDTH), REASONS[code] ?? 'Unknown Teardown reason');
    say(w, '(', hex(code), ')\n', indent(WIDTH));
    return true;
  }
  return false;
}
const RESPONSES = ['Success ', 'FE ID invalid ', 'permission denied ', 'Unknown '];
function responseText(w: Line, at: number, length: number): boolean {
  const code = length === HEAD + 4 ? w.u32(at) : 0;
  if (length !== HEAD + 4) say(w, 'illegal ASRresult-TLV: ', length - HEAD, ' bytes!\n');
  else if (RESPONSES[code] === undefined) say(w, 'illegal ASRresult result code: ', code, '!\n');
  else {
    if (w.verbose >= 3) say(w, '\n', indent(WIDTH), RESPONSES[code], '(', hex(code), ')\n', indent(WIDTH));
    return true;
  }
  return false;
}
const [METADATA, PACKET] = [0x115, 0x116] as const;
const LEAST_REDIRECT = 8;
function redirectText(w: Line, from: number, length: number): boolean {
  let at = from;
  let left = length - HEAD;
  if (left <= LEAST_REDIRECT) return missing(w, 'Redirect TLV', LEAST_REDIRECT - left);
  while (left > 0 && !w.cut) {
    const [type, size] = [w.u16(at), w.u16(at + 2)];
    if (mistake(size, left) !== undefined) {
      w.str('Bad Redirect data\n');
      break;
    }
    if (type === METADATA) metadataText(w, at + HEAD, size - HEAD, WIDTH + 1);
    else if (type === PACKET) packetText(w, at + HEAD, size - HEAD);
    else say(w, 'Unknown REDIRECT TLV 0x', hex(type), ' len ', size, '\n');
    at += aligned(size);
    left -= aligned(size);
  }
  if (left > 0) messyText(w, 'Redirect', at, left);
  return left === 0;
}
function packetText(w: Line, at: number, size: number): void {
  say(w, '\n', indent(WIDTH + 1), ' Redirect Data length ', size, '\n');
  if (w.verbose < 3) return;
  w.str('\t\t[');
  dump(w, at, size, '\n\t\t');
  w.str('\n\t\t]');
}
