import type { Line } from '../../src/dissect/line.ts';
import { beginMessage, CUT, nameText } from '../dns/name-text.ts';
import { authenticationText } from './authentication-text.ts';
import { CODE, OPTION_NAMES, STATUSES } from './options.ts';
import { messageText, optionsText } from './text.ts';

/** What is written of an option's body at `[from, to)`, all of which was captured; false when it is cut inside. */
type OptionText = (w: Line, from: number, to: number) => unknown;

/** A body that is too short, or of the wrong size, is a question mark. */
const least =
  (size: number, text: OptionText): OptionText =>
  (w, from, to) => {
    if (to - from >= size) return text(w, from, to);
    w.str(' ?');
    return true;
  };
const sized =
  (right: (size: number) => boolean, text: OptionText): OptionText =>
  (w, from, to) => {
    if (right(to - from)) return text(w, from, to);
    w.str(' ?');
    return true;
  };
const number =
  (size: 1 | 2 | 4): OptionText =>
  (w, from) => {
    w.char(SPACE);
    w.dec(size === 1 ? w.u8(from) : size === 2 ? w.u16(from) : w.u32(from));
  };
const SPACE = 0x20;

/** DHCP unique identifiers (RFC 8415 section 11). */
const uniqueId: OptionText = (w, from, to) => {
  const type = w.u16(from);
  const size = to - from;
  if (type === 1 && size >= 8) {
    w.str(` hwaddr/time type ${w.u16(from + 2)} time ${w.u32(from + 4)} `);
    w.hexAt(from + 8, size - 8);
  } else if (type === 2 && size >= 10) {
    w.str(' vid ');
    w.hexAt(from + 2, 8);
  } else if (type === 3 && size >= 4) {
    w.str(` hwaddr type ${w.u16(from + 2)} `);
    w.hexAt(from + 4, size - 4);
  } else if (type >= 1 && type <= 3) w.str(' ?');
  else w.str(` type ${type}`);
};
const lifetimes = (w: Line, at: number): void => w.str(` pltime:${w.u32(at)} vltime:${w.u32(at + 4)}`);
const association: OptionText = (w, from, to) => {
  w.str(` IAID:${w.u32(from)} T1:${w.u32(from + 4)} T2:${w.u32(from + 8)}`);
  optionsText(w, from + 12, to);
};
const temporary: OptionText = (w, from, to) => {
  w.str(` IAID:${w.u32(from)}`);
  optionsText(w, from + 4, to);
};
const leased: OptionText = (w, from, to) => {
  w.char(SPACE);
  w.ipv6At(from);
  lifetimes(w, from + 16);
  optionsText(w, from + 24, to);
};
const prefix: OptionText = (w, from, to) => {
  w.char(SPACE);
  w.ipv6At(from + 9);
  w.str(`/${w.u8(from + 8)}`);
  lifetimes(w, from);
  optionsText(w, from + 25, to);
};
const codes: OptionText = (w, from, to) => {
  for (let at = from; at < to; at += 2) {
    w.char(SPACE);
    w.named(OPTION_NAMES, w.u16(at), 'opt_%u');
  }
};
const addresses = sized(
  (size) => size % 16 === 0,
  (w, from, to) => {
    for (let at = from; at < to; at += 16) {
      w.char(SPACE);
      w.ipv6At(at);
    }
  },
);
const names: OptionText = (w, from, to) => {
  beginMessage(to - from);
  for (let at = from; at < to; ) {
    w.char(SPACE);
    at = nameText(w, at, to);
    if (at === CUT) return false;
  }
  return true;
};
/** The first bytes of something that nobody can read. */
const beginning = (w: Line, from: number, to: number): void => {
  w.char(SPACE);
  w.hexAt(from, Math.min(to - from, 10));
  w.str('...');
};
const relayed: OptionText = (w, from, to) => {
  w.str(' (');
  const { limit } = w;
  w.limit = Math.min(to, limit);
  messageText(w, from, to);
  w.limit = limit;
};
const reconfigure: OptionText = (w, from) => {
  const type = w.u8(from);
  w.str(type === 5 ? ' for renew' : type === 11 ? ' for inf-req' : ` for ???(${type.toString(16).padStart(2, '0')})`);
};
const query: OptionText = (w, from, to) => {
  const type = w.u8(from);
  w.str(type === 1 ? ' by-address ' : type === 2 ? ' by-clientID ' : ` type_${type} `);
  w.ipv6At(from + 1);
  optionsText(w, from + 17, to);
};
const timeServers: OptionText = (w, from, to) => {
  for (let at = from; at < to - 4; ) {
    const code = w.u16(at);
    const body = at + 4;
    at = body + w.u16(at + 2);
    if (at > to) return false;
    w.str(` subopt:${code}`);
    if ((code === 1 || code === 2) && at - body === 16) {
      w.char(SPACE);
      w.ipv6At(body);
    } else if (code === 3) {
      w.char(SPACE);
      beginMessage(at - body);
      if (nameText(w, body, at) === CUT) return false;
    } else w.str(' ?');
  }
  return true;
};
/** Labels, as far as they fit; the dots stand between. */
const tunnelName: OptionText = (w, from, to) => {
  w.char(SPACE);
  for (let at = from; at < to && w.u8(at) !== 0; ) {
    const size = w.u8(at);
    if (at + 1 + size >= to) {
      w.str(' ?');
      return;
    }
    textUntilZero(w, at + 1, size);
    at += 1 + size;
    if (w.u8(at) !== 0) w.char(0x2e);
  }
};
function textUntilZero(w: Line, from: number, count: number): void {
  for (let i = 0; i < count && !w.cut; i++) {
    const byte = w.u8(from + i);
    if (byte === 0) return;
    w.printableChar(byte);
  }
}
const words: OptionText = (w, from, to) => {
  w.char(SPACE);
  textUntilZero(w, from, to - from);
};

/** By code; what is not here has nothing written of its body. */
export const OPTION_TEXTS: Readonly<Record<number, OptionText>> = {
  [CODE.clientId]: least(2, uniqueId),
  [CODE.serverId]: least(2, uniqueId),
  [CODE.iaNa]: least(12, association),
  [CODE.iaPd]: least(12, association),
  [CODE.iaTa]: least(4, temporary),
  [CODE.iaAddress]: least(24, leased),
  [CODE.iaPrefix]: least(25, prefix),
  [CODE.requested]: sized((size) => size % 2 === 0, codes),
  [CODE.echoRequest]: sized((size) => size % 2 === 0, codes),
  [CODE.preference]: sized((size) => size === 1, number(1)),
  [CODE.elapsedTime]: sized((size) => size === 2, number(2)),
  [CODE.lifetime]: sized((size) => size === 4, number(4)),
  [CODE.clientTime]: sized((size) => size === 4, number(4)),
  [CODE.relayMessage]: relayed,
  [CODE.authentication]: least(11, authenticationText),
  [CODE.status]: least(2, (w, from) => {
    const code = w.u16(from);
    w.char(SPACE);
    if (code > 255) w.str('INVALID code');
    else w.named(STATUSES, code, 'code%u');
  }),
  [CODE.interfaceId]: beginning,
  [CODE.subscriberId]: beginning,
  [CODE.reconfigureMessage]: sized((size) => size === 1, reconfigure),
  [CODE.sipAddresses]: addresses,
  [CODE.dnsServers]: addresses,
  [CODE.sntpServers]: addresses,
  [CODE.nisServers]: addresses,
  [CODE.nispServers]: addresses,
  [CODE.bcmcsServers]: addresses,
  [CODE.panaAgent]: addresses,
  [CODE.clientLink]: addresses,
  [CODE.sipDomains]: names,
  [CODE.domainList]: names,
  [CODE.remoteId]: least(4, (w, from, to) => {
    w.str(` ${w.u32(from)}`);
    beginning(w, from + 4, to);
  }),
  [CODE.leaseQuery]: least(17, query),
  [CODE.clientData]: optionsText,
  [CODE.relayData]: least(16, (w, from, to) => {
    w.char(SPACE);
    w.ipv6At(from);
    beginning(w, from + 16, to);
  }),
  [CODE.ntpServer]: least(4, timeServers),
  [CODE.aftrName]: least(3, tunnelName),
  [CODE.posixTimezone]: least(5, words),
  [CODE.databaseTimezone]: least(5, words),
  [CODE.mudUrl]: least(5, words),
};
