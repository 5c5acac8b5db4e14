import { nearest } from '../../nearest.ts';
import type { Comparison, Node } from '../ast.ts';
import { all, any, type Condition, not } from '../condition.ts';
import type { Context } from '../context.ts';
import { at, type Expression } from '../expression.ts';
import { ETHERNET } from '../link/ethernet.ts';
import { compared } from './arithmetic.ts';
import { limited } from './protocol.ts';

/*
 * Words of ATM (for SunATM captures), of SS7 (for MTP2) and of pf logs.
 */

/** A field: where it is, how its value is written there, and the largest value. */
interface Field {
  readonly link: 'atm' | 'ss7';
  readonly most: number;
  readonly read: (context: Context) => Expression;
  readonly written: (value: number) => number;
}

const same = (value: number): number => value;

/** Q.704 writes point codes with the low byte first; the originating one and the SLS share bytes with it. */
function ss7(offset: number): Readonly<Record<'sio' | 'opc' | 'dpc' | 'sls', Field>> {
  const word = (context: Context, size: 1 | 2 | 4, start: number, mask: number): Expression =>
    context.of.and(context.load(size, at(start + offset)), mask);
  return {
    sio: { link: 'ss7', most: 255, read: (context) => context.load(1, at(3 + offset)), written: same },
    dpc: {
      link: 'ss7',
      most: 0x3fff,
      read: (context) => word(context, 2, 4, 0xff3f),
      written: (value) => ((value & 0xff) << 8) | (value >>> 8),
    },
    opc: {
      link: 'ss7',
      most: 0x3fff,
      read: (context) => word(context, 4, 4, 0x00c0ff0f),
      written: (value) => ((value & 3) << 22) | ((value & 0x3fc) << 6) | (value >>> 10),
    },
    sls: { link: 'ss7', most: 15, read: (context) => word(context, 1, 7, 0xf0), written: (value) => value << 4 },
  };
}

const LOW_SPEED = ss7(0);
const HIGH_SPEED = ss7(3);

const FIELD_TABLE: Readonly<Record<string, Field>> = {
  vpi: { link: 'atm', most: 255, read: (context) => context.load(1, at(1)), written: same },
  vci: { link: 'atm', most: 65535, read: (context) => context.load(2, at(2)), written: same },
  ...LOW_SPEED,
  hsio: HIGH_SPEED.sio,
  hopc: HIGH_SPEED.opc,
  hdpc: HIGH_SPEED.dpc,
  hsls: HIGH_SPEED.sls,
};

const TITLES = { atm: 'ATM of Solaris', ss7: 'SS7', pf: 'pf logs' } as const;

function require(context: Context, kind: keyof typeof TITLES, word: string, place: number): void {
  if (context.link.signalling !== kind) {
    context.error(`"${word}" is for ${TITLES[kind]}, and these packets are ${context.link.title}`, place);
  }
}

/** `vci > 4`, `opc (1 or 2)`. */
export function field(context: Context, node: Extract<Node, { kind: 'field' }>): Condition {
  const entry = FIELD_TABLE[node.word]!;
  require(context, entry.link, node.word, node.at);
  const test = ({ relation, value }: Comparison): Condition => {
    const written = entry.written(limited(context, value, entry.most, `"${node.word}"`, node.at)) >>> 0;
    return compared(context, relation, entry.read(context), context.of.constant(written));
  };
  return any(...node.values.map(test));
}

/** Virtual channels of ATM that are reserved for signalling. */
const CHANNELS: Readonly<Record<string, readonly number[]>> = {
  metac: [1],
  bcc: [2],
  oamf4sc: [3],
  oamf4ec: [4],
  oamf4: [3, 4],
  oam: [3, 4],
  sc: [5],
  ilmic: [16],
};
/** Q.2931 messages that set up or end a connection. */
const CALL_PROCEEDING = 0x02;
const CONNECT = 0x07;
const CONNECT_ACK = 0x0f;
const RELEASE = 0x4d;
const RELEASE_DONE = 0x5a;
const SETUP = 0x05;

export function signal(context: Context, word: string, place: number): Condition {
  const { tests } = context;
  const channel = (name: string): Condition => {
    const numbers = CHANNELS[name]!.map((number) => tests.equals(context.load(2, at(2)), number));
    return all(tests.equals(context.load(1, at(1)), 0), any(...numbers));
  };
  const message = (...types: number[]): Condition =>
    any(...types.map((type) => tests.equals(context.load(1, at(9)), type)));
  const units = SS7_UNITS[word];
  if (units !== undefined) {
    require(context, 'ss7', word, place);
    return units(context);
  }
  require(context, 'atm', word, place);
  if (word === 'lane') return lane(context);
  if (word === 'connectmsg') {
    return all(channel('sc'), message(RELEASE_DONE, RELEASE, CONNECT_ACK, CONNECT, SETUP, CALL_PROCEEDING));
  }
  if (word === 'metaconnect')
    return all(channel('metac'), message(RELEASE_DONE, RELEASE, CONNECT, SETUP, CALL_PROCEEDING));
  return channel(word);
}

/** LAN emulation: two bytes, then Ethernet; control frames have ff00 there. */
function lane(context: Context): Condition {
  const { tests, layout } = context;
  const control = tests.equals(context.load(2, at(4)), 0xff00);
  const is = tests.masked(context.load(1, at(0)), 0x0f, 1);
  const moved = { header: at(6), type: at(18), payload: at(20), network: 0, networkNoSnap: 3 };
  Object.assign(layout, { link: ETHERNET, ...moved, lane: not(control) });
  return is;
}

/** The length indicator tells fill-in (0), link status (1, 2) and message (more) units apart. */
const SS7_UNITS: Readonly<Record<string, (context: Context) => Condition>> = {
  fisu: (context) => context.tests.equals(length(context), 0),
  lssu: (context) => between(context, length(context), 0, 2),
  msu: (context) => context.tests.above(length(context), 2),
  hfisu: (context) => context.tests.equals(longLength(context), 0),
  hlssu: (context) => between(context, longLength(context), 0, 0x100),
  hmsu: (context) => context.tests.above(longLength(context), 0x100),
};

function length(context: Context): Expression {
  return context.of.and(context.load(1, at(2)), 0x3f);
}

function longLength(context: Context): Expression {
  return context.of.and(context.load(2, at(4)), 0xff80);
}

function between(context: Context, value: Expression, above: number, most: number): Condition {
  return all(context.tests.above(value, above), not(context.tests.above(value, most)));
}

const REASONS: readonly string[] = [
  ...['match', 'bad-offset', 'fragment', 'short', 'normalize', 'memory', 'bad-timestamp', 'congestion', 'ip-option'],
  ...['proto-cksum', 'state-mismatch', 'state-insert', 'state-limit', 'src-limit', 'synproxy'],
];
const ACTIONS: ReadonlyMap<string, number> = new Map([
  ...['pass', 'block', 'scrub', 'noscrub', 'nat', 'nonat', 'binat', 'nobinat', 'rdr', 'nordr'].map(
    (name, number) => [name, number] as const,
  ),
  ['accept', 0],
  ['drop', 1],
]);
/** Names in the header of a pf log are this long. */
const PF_NAME = 16;

/** Primitives on the header of a pf log: net/if_pflog.h of OpenBSD. */
export function packetFilter(context: Context, keyword: string, argument: number | string, place: number): Condition {
  require(context, 'pf', keyword, place);
  const { tests } = context;
  const name = (offset: number): Condition => {
    const bytes = [...Buffer.from(`${argument}`)];
    if (bytes.length >= PF_NAME) context.error(`a name in a pf log has at most ${PF_NAME - 1} bytes`, place);
    return all(...context.bytesAre(at(offset), bytes));
  };
  switch (keyword) {
    case 'ifname':
      return name(4);
    case 'rset':
      return name(20);
    case 'rnr':
      return tests.equals(context.load(4, at(36)), argument as number);
    case 'srnr':
      return tests.equals(context.load(4, at(40)), argument as number);
    case 'reason':
      return tests.equals(context.load(1, at(3)), reason(context, argument, place));
    default: {
      const action = ACTIONS.get(`${argument}`);
      if (action === undefined) context.error('pf has no such action', place, nearest(`${argument}`, ACTIONS.keys()));
      return tests.equals(context.load(1, at(2)), action);
    }
  }
}

function reason(context: Context, argument: number | string, place: number): number {
  if (typeof argument === 'number') return argument;
  const number = REASONS.indexOf(argument);
  if (number < 0) context.error('pf has no such reason', place, nearest(argument, REASONS));
  return number;
}
