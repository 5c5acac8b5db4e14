import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { OUIS } from '../names/ouis.ts';
import { dec64, flagNames, hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { tooShortText } from './text.ts';

type Names = Readonly<Record<number, string>>;
export const CODES: Names = {
  0: 'Information',
  1: 'Event Notification',
  2: 'Variable Request',
  3: 'Variable Response',
  4: 'Loopback Control',
  254: 'Vendor Private',
};
const FLAGS = [
  [0x01, 'Link Fault'],
  [0x02, 'Dying Gasp'],
  [0x04, 'Critical Event'],
  [0x08, 'Local Evaluating'],
  [0x10, 'Local Stable'],
  [0x20, 'Remote Evaluating'],
  [0x40, 'Remote Stable'],
] as const;
const INFORMATION: Names = { 0: 'End of TLV marker', 1: 'Local', 2: 'Remote', 254: 'Organization specific' };
const EVENTS: Names = {
  0: 'End of TLV marker',
  1: 'Errored Symbol Period Event',
  2: 'Errored Frame Event',
  3: 'Errored Frame Period Event',
  4: 'Errored Frame Seconds Summary Event',
  254: 'Organization specific',
};
const PARSERS = ['forwarding', 'looping back', 'discarding', 'reserved'];
const CONFIGURATION = [
  [0x01, 'Active'],
  [0x02, 'Unidirectional'],
  [0x04, 'Remote-Loopback'],
  [0x08, 'Link-Events'],
  [0x10, 'Variable-Retrieval'],
] as const;
const COMMANDS: Names = { 1: 'Enable OAM Remote Loopback', 2: 'Disable OAM Remote Loopback' };
const HEAD = 3;
const INDENT = literal('\n\t  ');

/** tcpdump's text of what follows the subtype (IEEE 802.3 clause 57.4). */
export function oamText(w: Line, at: number, length: number): void {
  if (length < HEAD) {
    tooShortText(w);
    return;
  }
  if (!w.need(at, HEAD)) return;
  const code = w.u8(at + 2);
  say(
    w,
    '\n\tCode ',
    nameOf(CODES, code, 'Unknown (%)'),
    ' OAM PDU, Flags [',
    flagNames(FLAGS, w.u16(at), 'none'),
    ']',
  );
  const body = at + HEAD;
  const end = at + length;
  if (code === 0) recordsText(w, body, end, INFORMATION, 'Information', informationText);
  else if (code === 1) {
    if (end - body < 2) {
      tooShortText(w);
      return;
    }
    say(w, '\n\t  Sequence Number ', w.u16(body));
    recordsText(w, body + 2, end, EVENTS, 'Link Event', eventText);
  } else if (code === 4) {
    if (end - body < 1) {
      tooShortText(w);
      return;
    }
    const command = w.u8(body);
    say(w, '\n\t  Command ', nameOf(COMMANDS, command, 'Unknown'), ' (', command, ')');
  } else if (w.verbose === 1) unknownData(w, body, end - body, INDENT);
}
/** `text` writes a record that begins at `at`; false when its bytes are to be shown. */
type RecordText = (w: Line, type: number, at: number, length: number) => boolean;
function recordsText(w: Line, from: number, end: number, names: Names, what: string, text: RecordText): void {
  for (let at = from; at < end && !w.cut; ) {
    if (end - at < 2) {
      tooShortText(w);
      return;
    }
    const type = w.u8(at);
    const length = w.u8(at + 1);
    say(w, '\n\t  ', nameOf(names, type, 'Reserved'), ' ', what, ' Type (', type, '), length ', length);
    if (type === 0) return;
    if (length < 2) {
      w.str('\n\t    ERROR: illegal length - should be >= 2');
      return;
    }
    if (end - at < length) {
      tooShortText(w);
      return;
    }
    if (!w.need(at, length)) return;
    const known = text(w, type, at, length);
    if (w.verbose > 1 || !known) unknownData(w, at, length, INDENT);
    at += length;
  }
}
const informationText: RecordText = (w, type, at, length) => {
  if (type !== 1 && type !== 2) return false;
  if (length !== 16) {
    w.str('\n\t    ERROR: illegal length - should be 16');
    return false;
  }
  say(w, '\n\t    OAM-Version ', w.u8(at + 2), ', Revision ', w.u16(at + 3));
  const state = w.u8(at + 5);
  say(
    w,
    '\n\t    State-Parser-Action ',
    PARSERS[state & 3]!,
    ', State-MUX-Action ',
    (state & 4) === 0 ? 'forwarding' : 'discarding',
  );
  say(w, '\n\t    OAM-Config Flags [', flagNames(CONFIGURATION, w.u8(at + 6), 'none'), ']');
  say(w, ', OAM-PDU-Config max-PDU size ', w.u16(at + 7) & 0x7ff);
  const oui = w.u24(at + 9);
  say(
    w,
    '\n\t    OUI ',
    nameOf(OUIS, oui, 'Unknown'),
    ' (0x',
    hex(oui, 6),
    '), Vendor-Private 0x',
    hex(w.u32(at + 12), 8),
  );
  return true;
};
/** tcpdump reads all events as those of symbols, which have the widest fields. */
const eventText: RecordText = (w, type, at, length) => {
  if (type > 4) return false;
  if (length !== 40) {
    w.str('\n\t    ERROR: illegal length - should be 40');
    return false;
  }
  say(w, '\n\t    Timestamp ', w.u16(at + 2) * 100, ' ms, Errored Window ', dec64(w, at + 4));
  say(w, '\n\t    Errored Threshold ', dec64(w, at + 12), '\n\t    Errors ', dec64(w, at + 20));
  say(w, '\n\t    Error Running Total ', dec64(w, at + 28), '\n\t    Event Running Total ', w.u32(at + 36));
  return true;
};
