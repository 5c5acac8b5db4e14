import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { PPP } from './numbers.ts';
import { BACP, CCP, IPCP, IPV6CP, LCP, type Option } from './options.ts';

/** What each control protocol configures, and how tcpdump calls what it does not know. */
const OPTIONS: Readonly<
  Record<number, readonly [name: string, options: Readonly<Record<number, Option>>, unknown: string]>
> = {
  [PPP.lcp]: ['lcp', LCP, ''],
  [PPP.ipcp]: ['ipcp', IPCP, 'unknown'],
  [PPP.ipv6cp]: ['ip6cp', IPV6CP, 'unknown'],
  [PPP.ccp]: ['ccp', CCP, 'Unknown'],
  [PPP.bacp]: ['bacp', BACP, 'Unknown'],
};
const INDENT = literal('\n\t    ');
const HEADER = 4;

/** The options of a message that is `length` long with its header; tcpdump lets each of them be as long as all of that. */
export function optionsText(w: Line, number: number, from: number, length: number): void {
  let left = length - HEADER;
  let at = from;
  do {
    const size = optionText(w, number, at, length);
    if (size === 0 || w.cut) return;
    if (left < size) {
      w.str(` [remaining options length ${left} < ${size}]`);
      w.invalid();
      return;
    }
    left -= size;
    at += size;
  } while (left > 0);
}
/** Returns the option's size; 0 when nothing more can be said. */
function optionText(w: Line, number: number, at: number, room: number): number {
  const known = OPTIONS[number];
  if (known === undefined || room < 2) return 0;
  const [name, options, unknown] = known;
  if (!w.has(at, 2)) {
    w.str(`[|${name}]`);
    return 0;
  }
  const type = w.u8(at);
  const size = w.u8(at + 1);
  if (room < size) return 0;
  const option = options[type];
  const number2 = type.toString(16).padStart(2, '0');
  if (option === undefined && unknown === '') {
    w.str(`\n\tunknown LCP option 0x${number2}`);
    return size < 2 ? 0 : size;
  }
  w.str(`\n\t  ${option?.name ?? unknown} Option (0x${number2}), length ${size}`);
  if (size < 2) {
    w.str(' (length bogus, should be >= 2)');
    return 0;
  }
  const wrong = option === undefined ? undefined : sizeText(w, option, size);
  if (wrong !== undefined) return wrong;
  if (option?.value === undefined) {
    if (w.verbose < 2) dump(w, at, size);
  } else if (option.value(w, at + 2, size) === false) return 0;
  if (w.verbose > 1) dump(w, at, size);
  return size;
}
/** Complains of a size that cannot be; returns what the caller is to return, or nothing when all is well. */
function sizeText(w: Line, { exact, least, ends }: Option, size: number): number | undefined {
  if (exact !== undefined && size !== exact) w.str(` (length bogus, should be = ${exact})`);
  else if (least !== undefined && size < least) w.str(` (length bogus, should be >= ${least})`);
  else return undefined;
  return ends ? 0 : size;
}
function dump(w: Line, at: number, size: number): void {
  w.hexDump(at + 2, Math.min(at + size, w.limit), false, INDENT);
}
