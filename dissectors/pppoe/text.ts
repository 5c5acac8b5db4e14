import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';

const CODES: Readonly<Record<number, string>> = {
  0: '',
  7: 'PADO',
  9: 'PADI',
  25: 'PADR',
  101: 'PADS',
  167: 'PADT',
};
const TAGS: Readonly<Record<number, string>> = {
  0: 'EOL',
  257: 'Service-Name',
  258: 'AC-Name',
  259: 'Host-Uniq',
  260: 'AC-Cookie',
  261: 'Vendor-Specific',
  272: 'Relay-Session-ID',
  288: 'PPP-Max-Payload',
  513: 'Service-Name-Error',
  514: 'AC-System-Error',
  515: 'Generic-Error',
};
const HEADER = 6;
const PADI = 0x09;
/** RFC 2516 section 5.1: so that a relay can add a tag. */
const MOST_PADI = 1484 - HEADER;
/** Tags are shown up to here. */
const MOST_TEXT = 79;

/** tcpdump's text of both kinds of packet. */
export function pppoeText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const room = frame.claim[d]! - at - HEADER;
  w.label = 'pppoe';
  if (room < 0) {
    w.str(` (length ${room + HEADER} < 6)`);
    w.invalid();
    return;
  }
  if (!w.need(at, HEADER)) return;
  const first = w.u8(at);
  const code = w.u8(at + 1);
  const session = w.u16(at + 2);
  let length = w.u16(at + 4);
  if (first >> 4 !== 1) w.str(` [ver ${first >> 4}]`);
  if ((first & 0xf) !== 1) w.str(` [type ${first & 0xf}]`);
  w.str('PPPoE ');
  w.named(CODES, code, 'PAD-%x');
  if (code === PADI && length > MOST_PADI) w.str(` [len ${length}!]`);
  if (length > room) {
    w.str(` [len ${length} > ${room}!]`);
    length = room;
  }
  if (session !== 0) w.str(` [ses 0x${session.toString(16)}]`);
  if (code !== 0) {
    tagsText(w, at + HEADER, at + HEADER + length);
    return;
  }
  w.char(0x20);
  if (w.next(frame, d)) return;
  // Nothing inside.
  w.label = 'ppp';
  if (length < 2) w.trunc();
  else w.cutHere();
}
function tagsText(w: Line, from: number, end: number): void {
  for (let at = from, type = -1; type !== 0 && at < end && !w.cut; ) {
    type = w.u16(at);
    const size = w.u16(at + 2);
    at += 4;
    if (w.cut || !w.need(at, size)) return;
    w.str(' [');
    w.named(TAGS, type, 'TAG-0x%x');
    if (size > 0) valueText(w, at, size);
    w.char(0x5d);
    at += size;
  }
}
/** As text when most of it can be read, else as bytes. */
function valueText(w: Line, at: number, size: number): void {
  const shown = Math.min(size, MOST_TEXT);
  let readable = 0;
  for (let i = 0; i < shown; i++) if (isPrintable(w.u8(at + i))) readable++;
  if (readable > shown - readable) {
    w.str(' "');
    for (let i = 0; i < shown; i++) w.char(isPrintable(w.u8(at + i)) ? w.u8(at + i) : 0x2e);
    w.char(0x22);
  } else {
    w.str(' 0x');
    for (let i = 0; i < size; i++)
      w.str(
        w
          .u8(at + i)
          .toString(16)
          .toUpperCase()
          .padStart(2, '0'),
      );
  }
}
const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
