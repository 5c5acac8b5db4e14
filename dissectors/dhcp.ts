import type { Field } from '../src/bytes/field.ts';
import { read8, read32 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { dhcp } from './dhcp/fields.ts';
import { OPTIONS } from './dhcp/options.ts';
import { visitSpecial } from './dhcp/special.ts';
import { dhcpText } from './dhcp/text.ts';

/** Where the parts of a message lie, in bytes from its start (RFC 951 section 3, RFC 2131 section 2). */
const SERVER = 44;
const FILE = 108;
const VENDOR = 236;
const OPTIONS_AT = 240;
/** What the vendor-specific area begins with when it holds options (RFC 2132 section 2). */
const COOKIE = 0x63825363;

const PAD = 0;
const END = 255;
const OVERLOAD = 52;
const IN_FILE = 1;
const IN_SERVER = 2;
const MESSAGE_TYPE = 53;
/** Types of messages, as Wireshark calls them in a summary. */
const SUMMARIES: Readonly<Record<number, string>> = {
  1: 'Discover',
  2: 'Offer',
  3: 'Request',
  4: 'Decline',
  5: 'ACK',
  6: 'NAK',
  7: 'Release',
  8: 'Inform',
  9: 'Force Renew',
  10: 'Lease query',
  11: 'Lease Unassigned',
  12: 'Lease Unknown',
  13: 'Lease Active',
  14: 'Bulk Lease Query',
  15: 'Lease Query Done',
  16: 'Active LeaseQuery',
  17: 'Lease Query Status',
  18: 'TLS',
};

/** Dynamic Host Configuration Protocol, and the Bootstrap Protocol that it extends. */
export const bootstrap = protocol(dhcp, {
  title: 'Dynamic Host Configuration Protocol',
  source: 'RFC 2131, RFC 951',
  summary(frame, d) {
    // Wireshark names the message when it has come to its end.
    if (frame.to[d]! > frame.end) return 'dhcp';
    const name = SUMMARIES[messageType(frame.bytes, frame.from[d]!, frame.limit(d))];
    return name === undefined ? 'dhcp' : `Dynamic Host Configuration Protocol (${name})`;
  },
  on: { 'udp.port': [67, 68] },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const end = frame.limit(d);
    const hasOptions = at + OPTIONS_AT <= end && read32(bytes, at + VENDOR) === COOKIE;
    const overload = hasOptions ? overloadOf(bytes, at + OPTIONS_AT, end) : 0;
    if ((overload & IN_SERVER) !== 0) visitOptions(bytes, at + SERVER, at + FILE, visit);
    else visitText(dhcp.server, bytes, at + SERVER, Math.min(at + FILE, end), visit);
    if ((overload & IN_FILE) !== 0) visitOptions(bytes, at + FILE, at + VENDOR, visit);
    else visitText(dhcp.file, bytes, at + FILE, Math.min(at + VENDOR, end), visit);
    if (hasOptions) {
      visit(dhcp.cookie, at + VENDOR, at + OPTIONS_AT);
      visitOptions(bytes, at + OPTIONS_AT, end, visit);
    } else if (at + VENDOR < end) visit(dhcp.vendor_specific_options, at + VENDOR, end);
  },
  line: dhcpText,
});

/** A text that ends in a zero octet or with its field. */
function visitText(field: Field, bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  let to = from;
  while (to < end && read8(bytes, to) !== 0) to++;
  if (to > from) visit(field, from, to);
}

/** Calls `each` with the code and the place of each option's body; the last one may be cut. */
function eachOption(
  bytes: Uint8Array,
  from: number,
  end: number,
  each: (code: number, at: number, body: number, to: number) => void,
): void {
  for (let at = from; at < end; ) {
    const code = read8(bytes, at);
    let to = at + 1;
    if (code === PAD) while (to < end && read8(bytes, to) === PAD) to++;
    else if (code === END) to = end;
    else if (to < end) to += 1 + read8(bytes, to);
    each(code, at, Math.min(at + 2, end), to);
    at = to;
  }
}
/** 0 of a message that has no type, which is one of the Bootstrap Protocol. */
function messageType(bytes: Uint8Array, at: number, end: number): number {
  let type = 0;
  if (at + OPTIONS_AT > end || read32(bytes, at + VENDOR) !== COOKIE) return type;
  eachOption(bytes, at + OPTIONS_AT, end, (code, _at, body, to) => {
    if (code === MESSAGE_TYPE && body < to && to <= end) type = read8(bytes, body);
  });
  return type;
}
/** Which of the two names hold options, too (RFC 2132 section 9.3). */
function overloadOf(bytes: Uint8Array, from: number, end: number): number {
  let overload = 0;
  eachOption(bytes, from, end, (code, _at, body, to) => {
    if (code === OVERLOAD && body < to && to <= end) overload = read8(bytes, body);
  });
  return overload;
}
function visitOptions(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  eachOption(bytes, from, end, (code, at, body, to) => {
    if (code === PAD) {
      visit(dhcp['option.padding'], at, to);
      return;
    }
    visit(dhcp['option.type'], at, at + 1);
    if (code === END) {
      visit(dhcp['option.end'], at, at + 1);
      if (at + 1 < end) visit(dhcp['option.padding'], at + 1, end);
      return;
    }
    if (at + 2 > end) return;
    visit(dhcp['option.length'], at + 1, at + 2);
    if (body < to && to <= end && !visitSpecial(bytes, code, body, to, visit)) visitRun(bytes, code, body, to, visit);
  });
}
const FIELDS: ReadonlyMap<string, Field> = new Map(dhcp.$all.map((field) => [field.name, field]));
/** Values of one kind, as many as fit; bytes where the kind is not known, or does not fit. */
function visitRun(bytes: Uint8Array, code: number, from: number, to: number, visit: Visit): void {
  const key = OPTIONS[code]?.key;
  const field = key === undefined ? undefined : FIELDS.get(`dhcp.option.${key}`);
  if (field === undefined || (field.size > 0 && (to - from) % field.size !== 0)) {
    visit(dhcp['option.value'], from, to);
    return;
  }
  if (OPTIONS[code]!.format === 'text') visitText(field, bytes, from, to, visit);
  else if (field.size === 0) visit(field, from, to);
  else for (let at = from; at < to; at += field.size) visit(field, at, at + field.size);
}
