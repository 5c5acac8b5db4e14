import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nsap } from '../bgp/prefix.ts';
import { NLPIDS } from '../names/nlpids.ts';
import { OUIS } from '../names/ouis.ts';
import { dotted, flagNames, hex, paddedText, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { authenticationText } from './authentication.ts';
import { capabilityText } from './capability.ts';
import { ADJACENCIES, INTER_DOMAIN, RECORD, RECORDS, RESTART_FLAGS } from './names.ts';
import { endSystemsText, internalText, metricsText, systemsText } from './narrow.ts';
import { neighborsText, topologiesText, topologyText } from './neighbors.ts';
import { prefixesText } from './prefixes.ts';
import { portCapabilityText, topologyCapabilityText } from './shortest-path.ts';
import { checksumText, IN_RECORD, systemId } from './value.ts';

export interface Unit {
  readonly at: number;
  /** Of the whole unit. */
  readonly length: number;
}
/** Writes a record's value; false when it was cut, and nothing can follow. */
type Value = (w: Line, at: number, length: number, unit: Unit, type: number) => boolean;
const RAW = literal('\n\t\t');
const ALSO_RAW = literal(IN_RECORD);

/** The records of a unit, which begin `from` bytes into it. */
export function recordsText(w: Line, unitAt: number, from: number, length: number): void {
  const unit = { at: unitAt, length };
  const end = unitAt + length;
  for (let at = unitAt + from; at < end && !w.cut; ) {
    if (!w.has(at, 2) || at + 2 > end) {
      w.trunc();
      return;
    }
    const type = w.u8(at);
    const size = w.u8(at + 1);
    at += 2;
    say(w, '\n\t    ', RECORDS[type] ?? 'unknown', ' TLV #', type, ', length: ', size);
    if (at + size > end) {
      w.trunc();
      return;
    }
    const value = VALUES[type];
    if (value === undefined) {
      if (w.verbose <= 1) unknownData(w, at, size, RAW);
    } else if (!value(w, at, size, unit, type)) return;
    if (w.verbose > 1) unknownData(w, at, size, ALSO_RAW);
    at += size;
  }
}
/** The same again and again, `size` bytes each; what is left over is left out. */
const again =
  (size: number, each: (w: Line, at: number) => void): Value =>
  (w, at, length) => {
    for (let next = at; next + size <= at + length && !w.cut; next += size) each(w, next);
    return true;
  };
/** Left out when it is shorter than `size`. */
const one =
  (size: number, write: (w: Line, at: number, length: number) => void): Value =>
  (w, at, length) => {
    if (length >= size) write(w, at, length);
    return true;
  };

const areas = one(0, (w, at, length) => {
  for (let next = at; next < at + length && !w.cut; ) {
    const size = w.u8(next++);
    if (next + size > at + length) return;
    say(w, IN_RECORD, 'Area address (length: ', size, '): ', nsapAt(w, next, size));
    next += size;
  }
});
const nsapAt = (w: Line, at: number, size: number): string =>
  nsap(Uint8Array.from({ length: size }, (_, i) => w.u8(at + i)));
const instance = one(4, (w, at, length) => {
  const count = Math.floor((length - 2) / 2);
  say(w, IN_RECORD, 'Instance ID: ', w.u16(at), ', ITIDs(', count, '): ');
  for (let i = 0; i < count && !w.cut; i++) say(w, w.u16(at + 2 + 2 * i), i < count - 1 ? ', ' : '');
});
const adjacency = one(1, (w, at, length) => {
  say(w, IN_RECORD, 'Adjacency State: ', ADJACENCIES[w.u8(at)] ?? 'unknown', ' (', w.u8(at), ')');
  let left = length - 1;
  if (left > 4) {
    say(w, IN_RECORD, 'Extended Local circuit-ID: 0x', hex(w.u32(at + 1), 8));
    left -= 4;
  }
  if (left >= 6) {
    say(w, IN_RECORD, 'Neighbor System-ID: ', systemId(w, at + 5, 6));
    left -= 6;
  }
  if (left >= 4) say(w, IN_RECORD, 'Neighbor Extended Local circuit-ID: 0x', hex(w.u32(at + 11), 8));
});
const protocols = one(0, (w, at, length) => {
  say(w, IN_RECORD, 'NLPID(s): ');
  for (let i = 0; i < length && !w.cut; i++) {
    const nlpid = w.u8(at + i);
    say(w, NLPIDS[nlpid] ?? 'unknown', ' (0x', hex(nlpid, 2), ')', i < length - 1 ? ', ' : '');
  }
});
const hostname = one(0, (w, at, length) => {
  say(w, IN_RECORD, 'Hostname: ');
  paddedText(w, at, length);
});
const entry = (w: Line, at: number): void => {
  say(w, IN_RECORD, 'lsp-id: ', systemId(w, at + 2, 8), ', seq: 0x', hex(w.u32(at + 10), 8));
  say(w, ', lifetime: ', String(w.u16(at)).padStart(5), 's, chksum: 0x', hex(w.u16(at + 14), 4));
};
const checksum: Value = (w, at, length, unit) => {
  if (length < 2) return true;
  if (!w.need(at, 2)) return false;
  say(w, IN_RECORD, 'checksum: 0x', hex(w.u16(at), 4), ' ');
  checksumText(w, unit.at, at - unit.at, unit.length, w.u16(at));
  return true;
};
/** Who took a link state out of the network (RFC 6232). */
const purge = one(1, (w, at, length) => {
  const count = w.u8(at);
  if (count === 0) {
    w.str(' No system IDs supplied');
    return;
  }
  if (length < 7) return;
  say(w, IN_RECORD, 'Purge Originator System-ID: ', systemId(w, at + 1, 6));
  if (count === 1 || length < 13) return;
  // tcpdump wants one system more to be there than it shows.
  if (w.need(at + 7, 13)) say(w, IN_RECORD, 'Received from System-ID: ', systemId(w, at + 7, 6));
});
const restart = one(1, (w, at, length) => {
  say(w, IN_RECORD, 'Flags [', flagNames(RESTART_FLAGS, w.u8(at), 'none'), ']');
  if (length < 3) return;
  say(w, ', Remaining holding time ', w.u16(at + 1), 's');
  if (length === 9) say(w, ', for ', systemId(w, at + 3, 6));
});
const interDomain = one(1, (w, at, length) => {
  const type = w.u8(at);
  say(w, IN_RECORD, 'Inter-Domain Information Type: ', INTER_DOMAIN[type] ?? `Unknown (0x${hex(type, 2)})`);
  if (type !== 2) unknownData(w, at + 1, length - 1, ALSO_RAW);
  else if (length >= 3) say(w, 'AS Number: ', w.u16(at + 1));
});
const sharedRisk = one(7, (w, at, length) => {
  say(w, IN_RECORD, 'IS Neighbor: ', systemId(w, at, 7));
  if (length < 8) return;
  say(w, ', Flags: [', (w.u8(at + 7) & 1) === 0 ? 'unnumbered' : 'numbered', ']');
  if (length < 12) return;
  say(w, IN_RECORD, 'IPv4 interface address: ', dotted(w, at + 8));
  if (length < 16) return;
  say(w, IN_RECORD, 'IPv4 neighbor address: ', dotted(w, at + 12));
  for (let next = at + 16; next + 4 <= at + length && !w.cut; next += 4)
    say(w, IN_RECORD, 'Link-ID: 0x', hex(w.u32(next), 8));
});
const prefixNeighbors = one(4, (w, at, length) => {
  say(w, IN_RECORD, 'Metric Block');
  metricsText(w, at);
  for (let next = at + 4; next < at + length && !w.cut; ) {
    // Lengths are in half bytes.
    const digits = w.u8(next++);
    if (digits < 2) {
      say(w, '\n\t\tAddress: prefix length ', digits, ' < 2');
      return;
    }
    const size = digits >> 1;
    if (next + size > at + length) return;
    say(w, '\n\t\tAddress: ', nsapAt(w, next, size), '/', digits * 4);
    next += size;
  }
});
const vendor = one(3, (w, at, length) => {
  const oui = w.u24(at);
  say(w, IN_RECORD, 'Vendor: ', OUIS[oui] ?? 'Unknown', ' (', oui, ')');
  if (length > 3) unknownData(w, at + 3, length - 3, RAW);
});

const VALUES: Readonly<Record<number, Value>> = {
  [RECORD.area]: areas,
  [RECORD.systems]: systemsText,
  [RECORD.endSystems]: endSystemsText,
  [RECORD.partition]: again(6, (w, at) => say(w, IN_RECORD, systemId(w, at, 6))),
  [RECORD.prefixes]: prefixNeighbors,
  [RECORD.neighbors]: again(6, (w, at) => say(w, IN_RECORD, 'SNPA: ', systemId(w, at, 6))),
  [RECORD.instance]: instance,
  [RECORD.padding]: () => true,
  [RECORD.entries]: again(16, entry),
  [RECORD.authentication]: authenticationText,
  [RECORD.checksum]: checksum,
  [RECORD.purge]: purge,
  [RECORD.bufferSize]: one(2, (w, at) => say(w, IN_RECORD, 'LSP Buffersize: ', w.u16(at))),
  [RECORD.extendedSystems]: neighborsText,
  [RECORD.alias]: neighborsText,
  [RECORD.internalPrefixes]: internalText,
  [RECORD.externalPrefixes]: internalText,
  [RECORD.protocols]: protocols,
  [RECORD.interDomain]: interDomain,
  [RECORD.addresses]: again(4, (w, at) => say(w, IN_RECORD, 'IPv4 interface address: ', dotted(w, at))),
  [RECORD.routerId]: one(4, (w, at) => say(w, IN_RECORD, 'Traffic Engineering Router ID: ', dotted(w, at))),
  [RECORD.extendedPrefixes]: prefixesText,
  [RECORD.hostname]: hostname,
  [RECORD.sharedRisk]: sharedRisk,
  [RECORD.portCapability]: portCapabilityText,
  [RECORD.topologyCapability]: topologyCapabilityText,
  [RECORD.restart]: restart,
  [RECORD.topologySystems]: topologyText(neighborsText),
  [RECORD.topologies]: topologiesText,
  [RECORD.addresses6]: again(16, (w, at) => {
    if (!w.need(at, 16)) return;
    say(w, IN_RECORD, 'IPv6 interface address: ');
    w.ipv6At(at);
  }),
  [RECORD.topologyPrefixes]: topologyText(prefixesText),
  [RECORD.prefixes6]: prefixesText,
  [RECORD.topologyPrefixes6]: topologyText(prefixesText),
  [RECORD.adjacency]: adjacency,
  [RECORD.sequence]: one(4, (w, at) => say(w, IN_RECORD, 'Sequence number: ', w.u32(at))),
  [RECORD.capability]: capabilityText,
  [RECORD.vendor]: vendor,
};
