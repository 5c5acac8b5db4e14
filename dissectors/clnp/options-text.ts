import type { Line } from '../../src/dissect/line.ts';
import { OPTION } from '../osi/options.ts';
import { REASONS } from '../osi/reasons.ts';
import { addressText, optionsText as commonText, type Ended, type OptionText } from '../osi/text.ts';
import { flagNames, hex, say } from '../say.ts';

const NAMES: Readonly<Record<number, string>> = {
  [OPTION.discarded]: 'Discard Reason',
  [OPTION.priority]: 'Priority',
  [OPTION.quality]: 'QoS Maintenance',
  [OPTION.security]: 'Security',
  [OPTION.sourceRoute]: 'Source Routing',
  [OPTION.recordRoute]: 'Route Recording',
  [OPTION.padding]: 'Padding',
};
const SCOPE = 0xc0;
const GLOBAL = 0xc0;
const SCOPES: Readonly<Record<number, string>> = {
  64: 'Source Address Specific',
  128: 'Destination Address Specific',
  [GLOBAL]: 'Globally unique',
};
const QUALITIES = [
  [0x20, 'reserved'],
  [0x10, 'sequencing vs. delay'],
  [0x08, 'congested'],
  [0x04, 'delay vs. cost'],
  [0x02, 'error vs. delay'],
  [0x01, 'error vs. cost'],
] as const;
const KINDS: Readonly<Record<number, string>> = { 0: 'partial', 1: 'complete' };

/** Of at least so many bytes. */
const of =
  (least: number, write: (w: Line, at: number, size: number, type: number) => void): OptionText =>
  (w, at, size, type) => {
    if (size < least) {
      w.str(', bad opt len');
      return undefined;
    }
    write(w, at, size, type);
    return size;
  };
const scope = (w: Line, at: number): void => {
  say(w, '\n\t    Format Code: ', SCOPES[w.u8(at) & SCOPE] ?? 'Reserved');
};
const quality = of(1, (w, at) => {
  scope(w, at);
  const flags = w.u8(at);
  if ((flags & SCOPE) === GLOBAL) say(w, '\n\t    QoS Flags [', flagNames(QUALITIES, flags, 'none'), ']');
});
const security = of(2, (w, at) => {
  scope(w, at);
  say(w, ', Security-Level ', w.u8(at + 1));
});
const discarded = of(1, (w, at) => {
  const error = w.u8(at) >> 4;
  const why = w.u8(at) & 0x0f;
  const [name = 'Unknown', reasons = {}] = REASONS[error] ?? [];
  say(w, '\n\t    Class: ', name, ' Error (0x', hex(error), '), ', reasons[why] ?? 'Unknown', ' (0x', hex(why), ')');
});
const route = of(2, (w, at, size, type) => {
  const what = type === OPTION.sourceRoute ? 'source routing' : 'recording of route in progress';
  say(w, KINDS[w.u8(at)] ?? 'Unknown', ' ', what);
  const next = w.u8(at + 1);
  if (next === 0) w.str(' Bad NSAP offset (0)');
  else if (next - 1 > size) w.str(' Bad NSAP offset (past end of option)');
  else hopsText(w, at + next - 1, size - next + 1);
});
/** tcpdump reads the first address again and again, as often as there may be others. */
function hopsText(w: Line, at: number, left: number): void {
  for (let rest = left; rest > 0 && !w.cut; ) {
    const size = w.u8(at);
    if (rest < size + 1) {
      w.str('\n\t    NSAP address goes past end of option');
      return;
    }
    if (size > 0) {
      say(w, '\n\t    NSAP address (length ', size, '): ');
      addressText(w, at + 1, size);
    }
    rest -= size + 1;
  }
}
const VALUES: Readonly<Record<number, OptionText>> = {
  [OPTION.sourceRoute]: route,
  [OPTION.recordRoute]: route,
  [OPTION.priority]: of(1, (w, at) => say(w, '0x', hex(w.u8(at) & 0x0f))),
  [OPTION.quality]: quality,
  [OPTION.security]: security,
  [OPTION.discarded]: discarded,
  [OPTION.padding]: of(0, (w) => w.str('padding data')),
};
export const optionsText = (w: Line, from: number, left: number): Ended =>
  commonText(w, from, left, { names: NAMES, isWhole: true, values: VALUES });
