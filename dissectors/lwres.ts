import { header, bytes as raw, text, u16, u32 } from '../src/bytes/field.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { type Item, visitItems } from './dns/layout.ts';
import { CLASSES, FAMILIES, RR_TYPES } from './dns/types.ts';
import { ADDRESSES_BY_NAME, lookupText, NAME_BY_ADDRESS, OPCODES, RECORDS_BY_NAME } from './lwres/text.ts';

const length = (label: string) => u16(label, { unit: 'bytes' });
const lookup = header(
  'lwres',
  {
    length: u32('Length', { unit: 'bytes' }),
    version: u16('Version'),
    flags: u16('Flags', { base: 'hex', names: { 0: 'request', 1: 'response' } }),
    serial: u32('Serial number', { base: 'hex' }),
    opcode: u32('Operation', { names: OPCODES }),
    result: u32('Result'),
    recvlen: u32('Length that can be received', { unit: 'bytes' }),
    authtype: u16('Authentication type'),
    authlen: length('Authentication length'),
  },
  {
    'adn.flags': u32('Flags', { base: 'hex' }),
    'adn.addrtype': u32('Address types', { names: { 1: 'IPv4', 2: 'IPv6', 3: 'IPv4 and IPv6' } }),
    'adn.namelen': length('Name length'),
    'adn.name': text('Name'),
    'adn.naliases': u16('Aliases'),
    'adn.naddrs': u16('Addresses'),
    realnamelen: length('Real name length'),
    'adn.realname': text('Real name'),
    'adn.aliasname': text('Alias'),
    'adn.addr.family': u32('Address family', { names: FAMILIES }),
    'adn.addr.length': length('Address length'),
    'adn.addr.addr': raw('Address'),
    rflags: u32('Flags', { base: 'hex' }),
    class: u16('Class', { names: CLASSES }),
    type: u16('Type', { names: RR_TYPES }),
    namelen: length('Name length'),
    reqdname: text('Name'),
    ttl: u32('Time to live', { unit: 'seconds' }),
    nrdatas: u16('Records'),
    nsigs: u16('Signatures'),
    realname: text('Real name'),
  },
);
const address: Item[] = [lookup['adn.addr.family'], [lookup['adn.addr.length'], lookup['adn.addr.addr']]];
const alias: Item[] = [[lookup['adn.namelen'], lookup['adn.aliasname']]];
/** What the operation's body begins with, up to the end of its name. */
const START: Readonly<Record<number, { readonly request: Item[]; readonly response: Item[] }>> = {
  [ADDRESSES_BY_NAME]: {
    request: [lookup['adn.flags'], lookup['adn.addrtype'], [lookup['adn.namelen'], lookup['adn.name']]],
    response: [
      lookup['adn.flags'],
      lookup['adn.naliases'],
      lookup['adn.naddrs'],
      [lookup.realnamelen, lookup['adn.realname']],
    ],
  },
  [NAME_BY_ADDRESS]: {
    request: [lookup['adn.flags'], ...address],
    response: [lookup['adn.flags'], lookup['adn.naliases'], [lookup.realnamelen, lookup['adn.realname']]],
  },
  [RECORDS_BY_NAME]: {
    request: [lookup.rflags, lookup.class, lookup.type, [lookup.namelen, lookup.reqdname]],
    response: [
      lookup.rflags,
      lookup.class,
      lookup.type,
      lookup.ttl,
      lookup.nrdatas,
      lookup.nsigs,
      [lookup.realnamelen, lookup.realname],
    ],
  },
};

/** BIND 9's lightweight resolver: how a program asks the daemon on its own machine. */
export const lwres = protocol(lookup, {
  title: 'Lightweight Resolver',
  source: 'BIND 9 lwres(3)',
  on: { 'udp.port': 921 },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const start = frame.from[d]!;
    const layout = START[lookup.opcode.read(bytes, start)];
    if (lookup.version.read(bytes, start) !== 0 || layout === undefined) return;
    const isResponse = (lookup.flags.read(bytes, start) & 1) === 1;
    const body = start + lookup.$size;
    const end = frame.limit(d);
    const next = visitItems(bytes, isResponse ? layout.response : layout.request, body, end, visit);
    if (isResponse && next >= 0) visitAnswers(bytes, lookup.opcode.read(bytes, start), body, next, end, visit);
  },
  line(w, frame, d) {
    w.label = 'lwres';
    lookupText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!);
  },
});
/** Aliases and addresses; records and signatures are left as they are. A zero octet ends every name. */
function visitAnswers(bytes: Uint8Array, opcode: number, body: number, name: number, end: number, visit: Visit): void {
  if (opcode === RECORDS_BY_NAME) return;
  let at = name + 1;
  for (let left = lookup['adn.naliases'].read(bytes, body + 4); left > 0 && at >= 0; left--) {
    at = visitItems(bytes, alias, at, end, visit);
    if (at >= 0) at++;
  }
  if (opcode !== ADDRESSES_BY_NAME) return;
  for (let left = lookup['adn.naddrs'].read(bytes, body + 6); left > 0 && at >= 0; left--)
    at = visitItems(bytes, address, at, end, visit);
}
