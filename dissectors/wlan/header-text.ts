import type { Line } from '../../src/dissect/line.ts';
import { CONTROL, DATA, FLAG, headerSize, subtypeOf, TYPE, typeOf } from './header.ts';

const FLAGS = [
  [0x2000, 'More Data '],
  [0x0400, 'More Fragments '],
  [0x1000, 'Pwr Mgmt '],
  [0x0800, 'Retry '],
  [0x8000, 'Strictly Ordered '],
  [FLAG.protected, 'Protected '],
] as const;
const [FIRST, SECOND, THIRD, FOURTH] = [4, 10, 16, 24] as const;
const le16 = (w: Line, at: number): number => w.u8(at) | (w.u8(at + 1) << 8);

/** What `-e` shows of the header; all of it was captured. */
export function headerText(w: Line, at: number, control: number): void {
  const type = typeOf(control);
  if (w.verbose > 0) {
    w.flags(FLAGS, control, '', '');
    if (type !== TYPE.control || subtypeOf(control) !== CONTROL.powerSavePoll) w.str(`${le16(w, at + 2)}us `);
  }
  if (type === TYPE.management) addresses(w, at, ['BSSID', THIRD], ['DA', FIRST], ['SA', SECOND]);
  else if (type === TYPE.control) controlHeaderText(w, at, subtypeOf(control));
  else dataHeaderText(w, at, control);
}
function addresses(w: Line, at: number, ...places: readonly (readonly [name: string, distance: number])[]): void {
  for (const [name, distance] of places) {
    w.str(name);
    w.char(0x3a);
    w.macAt(at + distance);
    w.char(0x20);
  }
}
function controlHeaderText(w: Line, at: number, subtype: number): void {
  switch (subtype) {
    case CONTROL.blockAckRequest:
      blockText(w, at);
      break;
    case CONTROL.powerSavePoll:
      addresses(w, at, ['BSSID', FIRST], ['TA', SECOND]);
      break;
    case CONTROL.requestToSend:
      addresses(w, at, ['RA', FIRST], ['TA', SECOND]);
      break;
    case CONTROL.contentionFreeEnd:
    case CONTROL.contentionFreeEndAck:
      addresses(w, at, ['RA', FIRST], ['BSSID', SECOND]);
      break;
    case CONTROL.wrapper:
      break;
    default:
      addresses(w, at, ['RA', FIRST]);
  }
}
function blockText(w: Line, at: number): void {
  w.char(0x20);
  addresses(w, at, ['RA', FIRST], ['TA', SECOND]);
  w.str(`CTL(${le16(w, at + 16).toString(16)}) SEQ(${le16(w, at + 18)}) `);
}
function dataHeaderText(w: Line, at: number, control: number): void {
  const subtype = subtypeOf(control);
  if ((subtype & (DATA.ack | DATA.poll | DATA.qos)) !== 0) {
    w.str('CF ');
    const words = [subtype & DATA.ack ? 'Ack' : '', subtype & DATA.poll ? 'Poll' : ''].filter((word) => word !== '');
    w.str(words.join('/'));
    w.str((subtype & DATA.qos) !== 0 ? '+QoS ' : ' ');
  }
  const toDs = (control & FLAG.toDs) !== 0;
  if ((control & FLAG.fromDs) === 0) {
    if (toDs) addresses(w, at, ['BSSID', FIRST], ['SA', SECOND], ['DA', THIRD]);
    else addresses(w, at, ['DA', FIRST], ['SA', SECOND], ['BSSID', THIRD]);
  } else if (toDs) addresses(w, at, ['RA', FIRST], ['TA', SECOND], ['DA', THIRD], ['SA', FOURTH]);
  else addresses(w, at, ['DA', FIRST], ['BSSID', SECOND], ['SA', THIRD]);
}

const NAMES: Readonly<Record<number, string>> = {
  [CONTROL.wrapper]: 'Control Wrapper',
  [CONTROL.blockAckRequest]: 'BAR',
  [CONTROL.blockAck]: 'BA',
  [CONTROL.powerSavePoll]: 'Power Save-Poll',
  [CONTROL.requestToSend]: 'Request-To-Send',
  [CONTROL.clearToSend]: 'Clear-To-Send',
  [CONTROL.acknowledgment]: 'Acknowledgment',
  [CONTROL.contentionFreeEnd]: 'CF-End',
  [CONTROL.contentionFreeEndAck]: 'CF-End+CF-Ack',
};
/** A control frame. False when it is cut short. */
export function controlText(w: Line, at: number, control: number): boolean {
  const subtype = subtypeOf(control);
  w.str(NAMES[subtype]!);
  if (subtype === CONTROL.wrapper) return true;
  if (!w.has(at, headerSize(control))) return false;
  if (subtype === CONTROL.powerSavePoll) w.str(` AID(${le16(w, at + 2).toString(16)})`);
  else if (w.link) return true;
  else if (subtype === CONTROL.blockAckRequest) blockText(w, at);
  else {
    w.char(0x20);
    if (subtype === CONTROL.requestToSend) addresses(w, at, ['TA', SECOND]);
    else addresses(w, at, ['RA', FIRST]);
  }
  return true;
}
