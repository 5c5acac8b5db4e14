import type { Port } from '../frame/port.ts';
import { options } from './blocks.ts';

/** An interface of a pcapng section: the port, and how its times are counted. */
export interface Interface {
  readonly port: Port;
  /** Parts of a second: the unit of the 64-bit times. */
  readonly unit: number;
  /** Nanoseconds in one unit when that is a whole number and the arithmetic of doubles is exact, else 0. */
  readonly nanosInUnit: number;
  /** Seconds to add to every time. */
  readonly offset: number;
}

const OPTION = { name: 2, description: 3, resolution: 9, offset: 14 } as const;
const MICROSECONDS = 6;
const text = new TextDecoder();

/** Where the fixed fields stand, and where the options begin. */
const LINK_TYPE = 8;
const SNAPLEN = 12;
const OPTIONS = 16;

/** Reads the interface description block `[at, end)`, its trailing length left out; a string says why it cannot be believed. */
export function readInterface(view: DataView, at: number, end: number, littleEndian: boolean): Interface | string {
  let resolution = MICROSECONDS;
  let offset = 0;
  let name: string | undefined;
  let description: string | undefined;
  for (const option of options(view, at + OPTIONS, end, littleEndian)) {
    if (option === undefined) return 'an option of the interface there reaches beyond its block';
    const value = new Uint8Array(view.buffer, view.byteOffset + option.from, option.length);
    if (option.code === OPTION.name) name = textOf(value);
    else if (option.code === OPTION.description) description = textOf(value);
    else if (option.code === OPTION.resolution && option.length === 1) resolution = value[0]!;
    else if (option.code === OPTION.offset && option.length === 8) {
      offset = Number(view.getBigInt64(option.from, littleEndian));
    }
  }
  const base = resolution > 0x7f ? 2 : 10;
  const power = resolution & 0x7f;
  if (power > (base === 2 ? 63 : 19))
    return `the interface there counts ${base}^-${power} seconds, too fine for 64 bits`;
  const port: Port = {
    name,
    linkType: view.getUint16(at + LINK_TYPE, littleEndian),
    snaplen: view.getUint32(at + SNAPLEN, littleEndian),
    nanos: power > (base === 2 ? 19 : MICROSECONDS),
    ...(description === undefined ? {} : { description }),
    block: new Uint8Array(view.buffer, view.byteOffset + at, end + 4 - at).slice(),
  };
  return { port, unit: base ** power, nanosInUnit: base === 2 || power > 9 ? 0 : 10 ** (9 - power), offset };
}
/** Some writers end texts as C does. */
function textOf(value: Uint8Array): string {
  return text.decode(value).replace(/\0+$/, '');
}
