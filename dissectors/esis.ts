import { header, u8, u16 } from '../src/bytes/field.ts';
import { read8, u8Kind } from '../src/bytes/kind.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { esisText, UNIT, UNITS } from './esis/text.ts';
import { NLPIDS } from './names/nlpids.ts';
import { nsapKind, systemIdKind } from './osi/address.ts';
import { checkIso } from './osi/checksum.ts';
import { optionRows, osiOptions } from './osi/options.ts';
import { part } from './part.ts';

const SIZE = { unit: 'bytes' } as const;
const esis = header(
  'esis',
  {
    nlpi: u8('Network layer protocol', { base: 'hex', names: NLPIDS }),
    length: u8('Length of the unit', SIZE),
    ver: u8('Version'),
    res: u8('Reserved'),
    type: part(u8Kind, 0x1f, 'Type', { names: UNITS }),
    htime: u16('Holding time', { unit: 'seconds' }),
    chksum: u16('Checksum', { base: 'hex' }),
  },
  {
    number_of_source_addresses: u8('Addresses of the sender'),
    sal: u8('Length of the address', SIZE),
    sa: { kind: nsapKind, label: 'Address' },
    dal: u8('Length of the destination', SIZE),
    da: { kind: nsapKind, label: 'Destination' },
    bsnpal: u8('Length of the link-level address', SIZE),
    bsnpa: { kind: systemIdKind, label: 'Better link-level address' },
    netl: u8('Length of the title', SIZE),
    net: { kind: nsapKind, label: 'Network entity title' },
  },
);
const SOURCE = [esis.sal, esis.sa] as const;
const DESTINATION = [esis.dal, esis.da] as const;
const LINK = [esis.bsnpal, esis.bsnpa] as const;
const TITLE = [esis.netl, esis.net] as const;

/** How end systems and intermediate systems find each other. */
export const endSystemRouting = protocol(
  { ...esis, $all: [...esis.$all, ...osiOptions.$all] },
  {
    title: 'End System to Intermediate System',
    source: 'ISO 9542',
    on: { 'osinl.incl': 0x82 },
    expand(frame, d, visit) {
      const { bytes } = frame;
      const head = frame.from[d]!;
      const end = Math.min(frame.limit(d), head + esis.length.read(bytes, head));
      let at = head + esis.$size;
      for (const [length, address] of addressesOf()) {
        if (at >= end) return;
        const next = at + 1 + read8(bytes, at);
        visit(length, at, at + 1);
        if (next > end) return;
        if (next > at + 1) visit(address, at + 1, next);
        at = next;
      }
      optionRows(bytes, at, end, visit);

      function addressesOf() {
        const type = esis.type.read(bytes, head);
        if (type === UNIT.redirect) return [DESTINATION, LINK, TITLE];
        if (type === UNIT.intermediate) return [TITLE];
        if (type !== UNIT.end || at >= end) return [];
        visit(esis.number_of_source_addresses, at, at + 1);
        return new Array<typeof SOURCE>(read8(bytes, at++)).fill(SOURCE);
      }
    },
    check: (frame, d) => checkIso(frame, d, esis.length, esis.chksum),
    line: (w, frame, d) => esisText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
  },
);
