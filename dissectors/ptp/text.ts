import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { flagNames, hex, hex64, nameOf, say, u48At } from '../say.ts';

export const SIZE = 34;
export const VERSION = 2;
export const CONTROLS = { 0: 'Sync', 1: 'Delay_Req', 2: 'Follow_Up', 3: 'Delay_Resp', 4: 'Management', 5: 'Other' };
const FLAGS = [
  [0x1, 'l1 61'],
  [0x2, 'l1 59'],
  [0x4, 'utc reasonable'],
  [0x8, 'timescale'],
  [0x10, 'time tracable'],
  [0x20, 'frequency tracable'],
  [0x100, 'alternate master'],
  [0x200, 'two step'],
  [0x400, 'unicast'],
  [0x1000, 'profile specific 1'],
  [0x2000, 'profile specific 2'],
  [0x4000, 'security mask'],
  [0x18c0, 'unknown'],
] as const;
const MESSAGES: Readonly<Record<number, readonly [name: string, text: (w: Line, at: number) => void]>> = {
  0: ['sync msg', (w, at) => stampText(w, 'originTimeStamp', at)],
  1: ['delay req msg', (w, at) => stampText(w, 'originTimeStamp', at)],
  2: ['peer delay req msg', (w, at) => stampOfText(w, 'preciseOriginTimeStamp', at)],
  3: ['peer delay resp msg', (w, at) => stampOfText(w, 'receiveTimeStamp', at)],
  8: ['follow up msg', (w, at) => stampText(w, 'preciseOriginTimeStamp', at)],
  9: ['delay resp msg', (w, at) => stampOfText(w, 'receiveTimeStamp', at)],
  10: ['pdelay resp fup msg', (w, at) => stampOfText(w, 'preciseOriginTimeStamp', at)],
  11: ['announce msg', announceText],
  12: ['signalling msg', portText],
  13: ['management msg', managementText],
};
/** tcpdump's text. */
export function ptpText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  w.label = 'ptp';
  const length = frame.claim[d]! - at;
  if (length < SIZE) {
    say(w, ' [length ', length, ' < ', SIZE, ']');
    w.invalid();
    return;
  }
  const version = w.u16(at) & 0xff;
  say(w, 'PTPv', version);
  if (version === 1) w.str(' (not implemented)');
  if (version !== VERSION) return;
  const first = w.u8(at);
  const message = MESSAGES[first & 0x0f];
  say(w, ', v1 compat : ', (first & 0x10) !== 0 ? 'yes' : 'no', ', msg type : ', message?.[0] ?? 'Reserved');
  say(w, ', length : ', w.u16(at + 2));
  say(w, ', domain : ', w.u16(at + 4) >> 8);
  say(w, ', reserved1 : ', w.u16(at + 4) & 0xff);
  say(w, ', Flags [', flagNames(FLAGS, w.u16(at + 6), 'none'), ']');
  say(w, ', NS correction : ', u48At(w, at + 8));
  say(w, ', sub NS correction : ', w.u16(at + 14));
  say(w, ', reserved2 : ', w.u32(at + 16));
  say(w, ', clock identity : 0x', hex64(w, at + 20));
  say(w, ', port id : ', w.u16(at + 28));
  say(w, ', seq id : ', w.u16(at + 30));
  const control = w.u8(at + 32);
  say(w, ', control : ', control, ' (', nameOf(CONTROLS, control, 'Reserved'), ')');
  say(w, ', log message interval : ', w.u16(at + 32) & 0xff);
  message?.[1](w, at + SIZE);
}
function stampText(w: Line, name: string, at: number): void {
  say(w, ', ', name, ' :');
  say(w, ' ', u48At(w, at), ' seconds,');
  say(w, ' ', w.u32(at + 6), ' nanoseconds');
}
function portText(w: Line, at: number): void {
  say(w, ', port identity : 0x', hex64(w, at));
  say(w, ', port id : ', w.u16(at + 8));
}
function stampOfText(w: Line, name: string, at: number): void {
  stampText(w, name, at);
  portText(w, at + 10);
}
function announceText(w: Line, at: number): void {
  w.str(', originTimeStamp :');
  say(w, ' ', u48At(w, at), ' seconds');
  say(w, ' ', w.u32(at + 6), ' nanoseconds');
  say(w, ', origin cur utc :', w.u16(at + 10));
  say(w, ', rsvd : ', w.u8(at + 12));
  say(w, ', gm priority_1 : ', w.u8(at + 13));
  say(w, ', gm clock class : ', w.u8(at + 14));
  say(w, ', gm clock accuracy : ', w.u8(at + 15));
  say(w, ', gm clock variance : ', w.u16(at + 16));
  say(w, ', gm priority_2 : ', w.u8(at + 18));
  say(w, ', gm clock id : 0x', hex64(w, at + 19));
  say(w, ', steps removed : ', w.u16(at + 27));
  say(w, ', time source : 0x', hex(w.u8(at + 29)));
}
/** tcpdump reads what comes after the clock where the clock begins. */
function managementText(w: Line, at: number): void {
  portText(w, at);
  say(w, ', , start boundary hops  ', w.u8(at));
  say(w, ', , boundary hops  ', w.u8(at));
  say(w, ', , flags  0x', hex(w.u8(at)));
  say(w, ', , reserved  0x', hex(w.u8(at)));
}
