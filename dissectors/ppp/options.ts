import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { OUIS } from '../names/ouis.ts';
import { PPP_NAMES } from './numbers.ts';

/** How tcpdump prints an option. */
export interface Option {
  readonly name: string;
  /** The size with type and length, or the least one. */
  readonly exact?: number;
  readonly least?: number;
  /** With a wrong size, nothing behind it is read either. */
  readonly ends?: boolean;
  /** The value at `at`; false: stop here. Absent: the value is shown as bytes. */
  readonly value?: (w: Line, at: number, size: number) => unknown;
}
const hex = (digits: number, read: (w: Line, at: number) => number) => (w: Line, at: number) => {
  const value = read(w, at);
  w.str(': 0x');
  w.hexPadded(value, digits);
};
const number16 = (w: Line, at: number): void => w.str(`: ${w.u16(at)}`);
const hex32 = hex(8, (w, at) => w.u32(at));
const nothing = (): void => {};
const address = (name: string): Option => ({
  name,
  exact: 6,
  ends: true,
  value(w, at) {
    if (!w.need(at, 4)) return;
    w.str(': ');
    w.ipv4At(at);
  },
});
const unread = (names: Readonly<Record<number, string>>): Record<number, Option> =>
  Object.fromEntries(Object.entries(names).map(([type, name]) => [type, { name }]));

const ALGORITHMS = { 5: 'MD5', 128: 'MS-CHAPv1', 129: 'MS-CHAPv2' };
const CALLBACKS: Readonly<Record<number, string>> = {
  0: 'UserAuth',
  1: 'DialString',
  2: 'LocalID',
  3: 'E.164',
  4: 'X.500',
  6: 'CBCP',
};
/** Authentication protocols that have nothing more to say: PAP, EAP, Shiva's two. */
const PLAIN: ReadonlySet<number> = new Set([0xc023, 0xc227, 0xc027, 0xc123]);
const TAB = literal('\n\t');

function authenticationText(w: Line, at: number, size: number): void {
  const number = w.u16(at);
  w.str(`: ${PPP_NAMES[number] ?? 'Unknown Auth Proto (0x04x)'}`);
  if (number === 0xc223) {
    const algorithm = w.u8(at + 2);
    w.str(', ');
    w.named(ALGORITHMS, algorithm, 'Unknown Auth Alg %u');
  } else if (!PLAIN.has(number)) w.hexDump(at - 2, Math.min(at - 2 + size, w.limit), false, TAB);
}
/** RFC 1990 section 5.1.3. */
function endpointText(w: Line, at: number, size: number): boolean {
  const kind = w.u8(at);
  const exact = kind === 2 ? 7 : 9;
  if ((kind === 2 || kind === 3) && size !== exact) {
    w.str(` (length bogus, should be = ${exact})`);
    return false;
  }
  if (kind === 2 || kind === 3) {
    if (!w.need(at + 1, exact - 3)) return false;
    w.str(kind === 2 ? ': IPv4 ' : ': MAC ');
    if (kind === 2) w.ipv4At(at + 1);
    else w.macAt(at + 1);
  } else w.str(`: ${ENDPOINTS[kind] ?? `Unknown class ${kind}`}`);
  return true;
}
const ENDPOINTS: Readonly<Record<number, string>> = { 0: 'Null', 1: 'Local', 4: 'Magic-Num-Block', 5: 'PSNDN' };

/** The link itself: RFC 1661 section 6, RFC 1570, RFC 1990. */
export const LCP: Readonly<Record<number, Option>> = {
  ...unread({
    6: 'deprecated(6)',
    9: 'FCS-Alt',
    10: 'SDP',
    11: 'Num-Mode',
    12: 'deprecated(12)',
    14: 'deprecated(14)',
    15: 'deprecated(15)',
    16: 'deprecated(16)',
    18: '12-Bit seq #',
    20: 'Proprietary',
    21: 'DCE-Id',
    22: 'MP+',
    24: 'LCP-Auth-Opt',
    25: 'COBS',
    26: 'Prefix-elision',
    27: 'Multilink-header-Form',
    28: 'I18N',
    29: 'SDL-over-SONET/SDH',
    30: 'PPP-Muxing',
  }),
  0: {
    name: 'Vend-Ext',
    least: 6,
    value(w, at) {
      const oui = w.u24(at);
      w.str(`: Vendor: ${OUIS[oui] ?? 'Unknown'} (${oui})`);
    },
  },
  1: { name: 'MRU', exact: 4, value: number16 },
  2: { name: 'ACCM', exact: 6, value: hex32 },
  3: { name: 'Auth-Prot', least: 4, value: authenticationText },
  4: {
    name: 'Qual-Prot',
    least: 4,
    ends: true,
    value: (w, at) => w.str(w.u16(at) === 0xc025 ? ': LQR' : ': unknown'),
  },
  5: { name: 'Magic-Num', exact: 6, ends: true, value: hex32 },
  7: { name: 'PFC', value: nothing },
  8: { name: 'ACFC', value: nothing },
  13: {
    name: 'Call-Back',
    least: 3,
    ends: true,
    value(w, at) {
      const operation = w.u8(at);
      w.str(`: : Callback Operation ${CALLBACKS[operation] ?? 'Unknown'} (${operation})`);
    },
  },
  17: { name: 'MRRU', exact: 4, ends: true, value: number16 },
  19: { name: 'End-Disc', least: 3, ends: true, value: endpointText },
  23: { name: 'Link-Disc', exact: 4, ends: true, value: hex(4, (w, at) => w.u16(at)) },
};

/** RFC 3544 section 2.1. */
function compressionText(w: Line, at: number, size: number): boolean {
  const number = w.u16(at);
  const name = number === 0x2d ? 'VJ-Comp' : number === 0x61 ? 'IP Header Compression' : 'Unknown';
  w.str(`: ${name} (0x${number.toString(16).padStart(2, '0')}):`);
  if (number !== 0x61) return true;
  if (size < 14) {
    w.str(' (length bogus, should be >= 14)');
    return false;
  }
  if (!w.has(at, 14)) {
    w.str('[|ipcp]');
    return false;
  }
  const [tcp, other, period, time, header] = [2, 4, 6, 8, 10].map((distance) => w.u16(at + distance));
  w.str(`\n\t    TCP Space ${tcp}, non-TCP Space ${other}, maxPeriod ${period}, maxTime ${time}, maxHdr ${header}`);
  return size === 14 || suboptionsText(w, at + 12, size - 14);
}
const SUBOPTIONS: Readonly<Record<number, string>> = { 1: 'RTP-Compression', 2: 'Enhanced RTP-Compression' };
function suboptionsText(w: Line, from: number, size: number): boolean {
  w.str(`\n\t      Suboptions, length ${size}`);
  let left = size;
  for (let at = from; left >= 2; ) {
    if (!w.has(at, 2)) {
      w.str('[|ipcp]');
      return false;
    }
    const [type, length] = [w.u8(at), w.u8(at + 1)];
    if (type === 0 || length === 0) break;
    w.str(`\n\t\t${SUBOPTIONS[type] ?? 'Unknown'} Suboption #${type}, length ${length}`);
    if (left < length) {
      w.str(` [remaining suboptions length ${left} < ${length}]`);
      w.invalid();
      break;
    }
    left -= length;
    at += length;
  }
  return true;
}
/** IPv4 on the link: RFC 1332, RFC 1877. */
export const IPCP: Readonly<Record<number, Option>> = {
  1: {
    name: 'IP-Addrs',
    exact: 10,
    value(w, at) {
      if (!w.need(at, 8)) return;
      w.str(': src ');
      w.ipv4At(at);
      w.str(', dst ');
      w.ipv4At(at + 4);
    },
  },
  2: { name: 'IP-Comp', least: 4, ends: true, value: compressionText },
  3: address('IP-Addr'),
  4: address('Home-Addr'),
  129: address('Pri-DNS'),
  130: address('Pri-NBNS'),
  131: address('Sec-DNS'),
  132: address('Sec-NBNS'),
};
/** RFC 5072 section 4.1. */
export const IPV6CP: Readonly<Record<number, Option>> = {
  1: {
    name: 'Interface-ID',
    exact: 10,
    value(w, at) {
      if (!w.has(at, 8)) {
        w.str('[|ip6cp]');
        return false;
      }
      for (let i = 0; i < 8; i += 2) {
        w.str(i === 0 ? ': ' : ':');
        w.hexPadded(w.u16(at + i), 4);
      }
      return true;
    },
  },
};
/** Compression: RFC 1962 section 6 and its relatives. */
export const CCP: Readonly<Record<number, Option>> = {
  ...unread({
    0: 'OUI',
    1: 'Pred-1',
    2: 'Pred-2',
    3: 'Puddle',
    16: 'HP-PPC',
    17: 'Stac-LZS',
    18: 'MPPC',
    19: 'Gand-FZA',
    20: 'V.42bis',
    23: 'LZS-DCP',
    25: 'DEC',
    255: 'Reserved',
  }),
  21: {
    name: 'BSD-Comp',
    least: 3,
    value(w, at) {
      const value = w.u8(at);
      w.str(`: Version: ${value >> 5}, Dictionary Bits: ${value & 0x1f}`);
    },
  },
  24: {
    name: 'MVRCA',
    least: 4,
    value(w, at) {
      const value = w.u8(at);
      const able = (value & 0x20) !== 0 ? 'Enabled' : 'Disabled';
      w.str(`: Features: ${value >> 6}, PxP: ${able}, History: ${value & 0x1f}, #CTX-ID: ${w.u8(at + 1)}`);
    },
  },
  26: {
    name: 'Deflate',
    least: 4,
    value(w, at) {
      const [window, check] = [w.u8(at), w.u8(at + 1)];
      const method = window & 0xf;
      w.str(`: Window: ${window >> 4}K, Method: ${method === 8 ? 'zlib' : 'unknown'} (0x${method.toString(16)})`);
      w.str(`, MBZ: ${check >> 2}, CHK: ${check & 3}`);
    },
  },
};
/** RFC 2125 section 5. */
export const BACP: Readonly<Record<number, Option>> = {
  1: {
    name: 'Favored-Peer',
    exact: 6,
    value(w, at) {
      const magic = w.u32(at);
      w.str(': Magic-Num 0x');
      w.hexPadded(magic, 8);
    },
  },
};
