/** Multicast listener discovery, versions 1 (RFC 2710) and 2 (RFC 3810). */
import type { Line } from '../../src/dissect/line.ts';
import { icmp6 } from './header.ts';
import type { MessageText } from './message.ts';

const V1_SIZE = 24;
const V2_SIZE = 28;
const ADDRESS_SIZE = 16;

const query: MessageText = (w, at, length) => {
  if (length === V1_SIZE) listener(w, at, length, 0);
  else if (length >= V2_SIZE) {
    w.str(' v2');
    queryText(w, at, length);
  } else {
    w.str(' unknown-version (len ');
    w.dec(length);
    w.str(') ');
  }
  return 'length';
};
const listener: MessageText = (w, at) => {
  if (w.has(at, V1_SIZE)) {
    w.str('max resp delay: ');
    w.dec(w.u16(at + 4));
    w.str(' addr: ');
    w.ipv6At(at + 8);
  }
  return 'length';
};
const report: MessageText = (w, at, length) => {
  if (length < 8) invalidLength(w, length);
  else {
    const records = w.u16(at + 6);
    w.str(', ');
    w.dec(records);
    w.str(' group record(s)');
    if (w.verbose > 0) recordsText(w, at, length, records);
  }
  return 'length';
};
export const LISTENER: Readonly<Record<number, MessageText>> = {
  130: query,
  131: listener,
  132: listener,
  143: report,
};

function invalidLength(w: Line, length: number): void {
  w.str(' [invalid len ');
  w.dec(length);
  w.char(0x5d);
}
/** Large values are a mantissa and an exponent (RFC 3810 sections 5.1.3 and 5.1.9). */
function floating(value: number, bits: number): number {
  const one = 2 ** bits;
  return ((value & (one - 1)) | one) << (((value >> bits) & 7) + 3);
}
function queryText(w: Line, at: number, length: number): void {
  const code = w.u16(at + 4);
  if (w.verbose > 0) {
    w.str(' [max resp delay=');
    w.dec(code < 0x8000 ? code : floating(code, 12));
    w.char(0x5d);
  }
  if (!w.need(at + 8, ADDRESS_SIZE)) return;
  w.str(' [gaddr ');
  w.ipv6At(at + 8);
  if (w.verbose > 0) querierText(w, at);
  const sources = w.u16(at + 26);
  if (w.cut) return;
  if (sources > 0) {
    if (length < V2_SIZE + sources * ADDRESS_SIZE) w.str(' [invalid number of sources]');
    else if (w.verbose > 1) sourcesText(w, at + V2_SIZE, sources);
    else sourceCountText(w, sources);
  }
  w.char(0x5d);
}
function querierText(w: Line, at: number): void {
  const flags = w.u8(at + 24);
  if ((flags & 0x08) !== 0) w.str(' sflag');
  if ((flags & 0x07) !== 0) {
    w.str(' robustness=');
    w.dec(flags & 0x07);
  }
  const interval = w.u8(at + 25);
  w.str(' qqi=');
  w.dec(interval < 0x80 ? interval : floating(interval, 4));
}
function sourceCountText(w: Line, count: number): void {
  w.str(', ');
  w.dec(count);
  w.str(' source(s)');
}
function sourcesText(w: Line, from: number, count: number): void {
  w.str(' {');
  for (let i = 0; i < count; i++) {
    if (!w.need(from + i * ADDRESS_SIZE, ADDRESS_SIZE)) return;
    w.char(0x20);
    w.ipv6At(from + i * ADDRESS_SIZE);
  }
  w.str(' }');
}
const RECORD_TYPES = icmp6['mldr.mar.record_type'].spec.names!;
const RECORD_SIZE = 20;
function recordsText(w: Line, start: number, length: number, count: number): void {
  let at = start + 8;
  for (let i = 0; i < count && !w.cut; i++) {
    if (at + RECORD_SIZE > start + length) {
      w.str(' [invalid number of groups]');
      return;
    }
    if (!w.need(at + 4, ADDRESS_SIZE)) return;
    w.str(' [gaddr ');
    w.ipv6At(at + 4);
    const type = w.u8(at);
    w.char(0x20);
    w.named(RECORD_TYPES, type, ' [v2-report-#%u]');
    const sources = w.u16(at + 2);
    const next = at + RECORD_SIZE + sources * ADDRESS_SIZE;
    if (next > start + length) {
      w.str(' [invalid number of sources ');
      w.dec(sources);
      w.char(0x5d);
      return;
    }
    if (w.verbose === 1) sourceCountText(w, sources);
    else sourcesText(w, at + RECORD_SIZE, sources);
    w.char(0x5d);
    at = next;
  }
}
