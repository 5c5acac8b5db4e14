import { type FieldSpec, header } from '../src/bytes/field.ts';
import { type Kind, type Read, read32, read32le, u32Kind } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { nothingOf } from './announced.ts';
import { etherType } from './eth.ts';

/** A small number in the byte order of the machine that wrote it, or, with LINKTYPE_LOOP, of the network. */
const readEither: Read = (bytes, at) => {
  const value = read32le(bytes, at);
  return value > 0xffff ? read32(bytes, at) : value;
};
const eitherKind: Kind = {
  ...u32Kind,
  name: 'u32 of either byte order',
  read: (distance) => (bytes, at) => readEither(bytes, at + distance),
  write: (w, bytes, from) => w.dec(readEither(bytes, from)),
};
/** The BSDs agree on most, but IPv6 is 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
const FAMILIES: Readonly<Record<number, string>> = {
  2: 'IPv4',
  6: 'NS',
  7: 'ISO',
  16: 'Appletalk',
  23: 'IPX',
  24: 'IPv6',
  28: 'IPv6',
  30: 'IPv6',
};
const ETHERTYPE_OF: Readonly<Record<number, number>> = {
  2: 0x0800,
  7: 0x00fe,
  16: 0x809b,
  23: 0x8137,
  24: 0x86dd,
  28: 0x86dd,
  30: 0x86dd,
};
const family: FieldSpec = { kind: eitherKind, label: 'Address family', names: FAMILIES };
const head = header('null', { family });

/** The loopback device of the BSDs. */
export const bsdLoopback = protocol(head, {
  title: 'BSD loopback',
  source: 'LINKTYPE_NULL, LINKTYPE_LOOP',
  link: true,
  on: { link: [0, 108] },
  step(frame, bytes, at, end) {
    const type = ETHERTYPE_OF[head.family.read(bytes, at)];
    return type === undefined
      ? frame.passOn(NONE, at + head.$size, end)
      : frame.handOn(etherType, type, at + head.$size, end);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    w.label = 'null';
    if (!w.need(at, head.$size)) return;
    w.linkHeader = head.$size;
    if (w.link) familyText(w, frame, d);
    const type = ETHERTYPE_OF[head.family.read(frame.bytes, at)] ?? 0;
    if (w.next(frame, d) || nothingOf(w, type, at + head.$size)) return;
    if (!w.link) familyText(w, frame, d);
    w.unknownPayload(at + head.$size);
  },
});
function familyText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const value = head.family.read(frame.bytes, at);
  if (w.quiet > 0) w.named(FAMILIES, value, 'Unknown AF %u');
  else {
    w.str('AF ');
    w.str(FAMILIES[value] ?? 'Unknown');
    w.str(' (');
    w.dec(value);
    w.char(0x29);
  }
  w.str(', length ');
  w.dec(frame.claim[d]! - at);
  w.str(': ');
}
