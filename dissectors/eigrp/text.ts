import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { alignRight } from '../rip/text.ts';
import { flagNames, hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';

export const OPCODES: Readonly<Record<number, string>> = {
  1: 'Update',
  3: 'Query',
  4: 'Reply',
  5: 'Hello',
  6: 'IPX SAP',
  7: 'Probe',
};
export const RECORDS: Readonly<Record<number, string>> = {
  1: 'General Parameters',
  2: 'Authentication',
  3: 'Sequence',
  4: 'Software Version',
  5: 'Next Multicast Sequence',
  258: 'IP Internal routes',
  259: 'IP External routes',
  514: 'AppleTalk Internal routes',
  515: 'AppleTalk External routes',
  516: 'AppleTalk Cable setup',
  770: 'IPX Internal routes',
  771: 'IPX External routes',
};
/** Where a route came from. */
export const EXTERNALS: Readonly<Record<number, string>> = {
  1: 'IGRP',
  2: 'EIGRP',
  3: 'Static',
  4: 'RIP',
  5: 'Hello',
  6: 'OSPF',
  7: 'IS-IS',
  8: 'EGP',
  9: 'BGP',
  10: 'IDRP',
  11: 'Connected',
};
const FLAGS = [
  [0x01, 'Init'],
  [0x02, 'Conditionally Received'],
  [0x04, 'Restart'],
  [0x08, 'End-of-Table'],
] as const;
const SIZE = 20;
const RECORD_HEAD = 4;
const INDENT = literal('\n\t    ');

/** tcpdump's text. */
export function eigrpText(w: Line, at: number, length: number): void {
  w.label = 'eigrp';
  if (!w.has(at, SIZE)) {
    w.trunc();
    return;
  }
  const version = w.u8(at);
  const opcode = w.u8(at + 1);
  if (version !== 2) {
    say(w, 'EIGRP version ', version, ' packet not supported');
    return;
  }
  if (w.verbose === 0 || length < SIZE) {
    say(w, 'EIGRP ', nameOf(OPCODES, opcode, 'unknown (%)'), ', length: ', length);
    if (w.verbose > 0) say(w, ' (too short, < ', SIZE, ')');
    return;
  }
  say(w, '\n\tEIGRP v2, opcode: ', nameOf(OPCODES, opcode, 'unknown, type: %'), ' (', opcode, '), chksum: 0x');
  say(w, hex(w.u16(at + 2), 4), ', Flags: [', flagNames(FLAGS, w.u32(at + 4), 'none'), ']');
  say(w, '\n\tseq: 0x', hex(w.u32(at + 8), 8), ', ack: 0x', hex(w.u32(at + 12), 8));
  say(w, ', VRID: ', w.u16(at + 16), ', AS: ', w.u16(at + 18), ', length: ', length - SIZE);
  recordsText(w, at + SIZE, at + length);
}
function recordsText(w: Line, from: number, end: number): void {
  for (let at = from; at < end && !w.cut; ) {
    if (!w.has(at, RECORD_HEAD)) {
      w.trunc();
      return;
    }
    const type = w.u16(at);
    const length = w.u16(at + 2);
    if (length < RECORD_HEAD || length > end - at) {
      unknownData(w, at + RECORD_HEAD, end - at, INDENT);
      return;
    }
    say(w, '\n\t  ', nameOf(RECORDS, type, 'Unknown'), ' TLV (0x', hex(type, 4), '), length: ', length);
    if (!w.has(at, length)) {
      w.trunc();
      return;
    }
    recordText(w, type, at + RECORD_HEAD, length - RECORD_HEAD);
    if (w.verbose > 1) unknownData(w, at + RECORD_HEAD, length - RECORD_HEAD, INDENT);
    at += length;
  }
}
/** By type: how long a record is at least, without its head, and what it says. */
const TEXTS: Readonly<Record<number, readonly [least: number, text: (w: Line, at: number) => void]>> = {
  1: [
    8,
    (w, at) => {
      say(w, '\n\t    holdtime: ', w.u16(at + 6), 's, k1 ', w.u8(at), ', k2 ', w.u8(at + 1));
      say(w, ', k3 ', w.u8(at + 2), ', k4 ', w.u8(at + 3), ', k5 ', w.u8(at + 4));
    },
  ],
  4: [
    4,
    (w, at) => {
      say(w, '\n\t    IOS version: ', w.u8(at), '.', w.u8(at + 1));
      say(w, ', EIGRP version ', w.u8(at + 2), '.', w.u8(at + 3));
    },
  ],
  258: [22, (w, at) => routeText(w, at, 20) && metricText(w, at + 4)],
  259: [42, externalText],
  514: [24, (w, at) => cableText(w, at, 20) && metricText(w, at + 4)],
  515: [40, externalCableText],
  516: [8, (w, at) => say(w, '\n\t    Cable-range: ', w.u16(at), '-', w.u16(at + 2), ', Router-ID ', w.u32(at + 4))],
};
function recordText(w: Line, type: number, at: number, length: number): void {
  const known = TEXTS[type];
  if (known === undefined) {
    if (w.verbose === 1) unknownData(w, at, length, INDENT);
  } else if (length < known[0]) say(w, ' (too short, < ', RECORD_HEAD + known[0], ')');
  else known[1](w, at);
}
/** The prefix is `place` bytes behind the next hop. False when its length is none. */
function routeText(w: Line, at: number, place: number): boolean {
  const bits = w.u8(at + place);
  if (bits > 32) {
    say(w, '\n\t    illegal prefix length ', bits);
    return false;
  }
  w.str('\n\t    IPv4 prefix: ');
  const column = w.at;
  const octets = [0, 1, 2, 3].map((i) => (i * 8 < bits ? w.u8(at + place + 1 + i) : 0));
  w.str(octets.join('.'));
  alignRight(w, column, 15);
  say(w, '/', bits, ', nexthop: ');
  if (w.u32(at) === 0) w.str('self');
  else w.ipv4At(at);
  return true;
}
function metricText(w: Line, at: number): void {
  say(
    w,
    '\n\t      delay ',
    Math.floor(w.u32(at) / 100),
    ' ms, bandwidth ',
    w.u32(at + 4),
    ' Kbps, mtu ',
    w.u24(at + 8),
  );
  say(w, ', hop ', w.u8(at + 11), ', reliability ', w.u8(at + 12), ', load ', w.u8(at + 13));
}
function externalText(w: Line, at: number): void {
  if (!routeText(w, at, 40)) return;
  w.str('\n\t      origin-router ');
  w.ipv4At(at + 4);
  say(w, ', origin-as ', w.u32(at + 8), ', origin-proto ', nameOf(EXTERNALS, w.u8(at + 22), 'unknown'));
  say(w, ', flags [0x', hex(w.u8(at + 23), 2), '], tag 0x', hex(w.u32(at + 12), 8), ', metric ', w.u32(at + 16));
  metricText(w, at + 24);
}
function cableText(w: Line, at: number, place: number): boolean {
  say(w, '\n\t     Cable-Range: ', w.u16(at + place), '-', w.u16(at + place + 2), ', nexthop: ');
  if (w.u32(at) === 0) w.str('self');
  else say(w, w.u16(at), '.', w.u16(at + 2));
  return true;
}
function externalCableText(w: Line, at: number): void {
  cableText(w, at, 36);
  say(w, '\n\t      origin-router ', w.u32(at + 4), ', origin-as ', w.u32(at + 8));
  say(w, ', origin-proto ', nameOf(EXTERNALS, w.u8(at + 16), 'unknown'), ', flags [0x', hex(w.u8(at + 17), 2));
  say(w, '], tag 0x', hex(w.u32(at + 12), 8), ', metric ', w.u16(at + 18));
  metricText(w, at + 20);
}
