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

const OPTION = {
  name: 2,
  description: 3,
  mac: 6,
  speed: 8,
  resolution: 9,
  filter: 11,
  system: 12,
  offset: 14,
  hardware: 15,
} as const;
const MICROSECONDS = 6;
/** The first octet of a filter that is told as text. */
const FILTER_TEXT = 0;
const text = new TextDecoder();

/** Where the fixed fields stand, and where the options begin. */
const LINK_TYPE = 8;
const SNAPLEN = 12;
const OPTIONS = 16;

/** Which interface a block describes: its section, from 1, and its number there, from 0. */
export interface Place {
  readonly section: number;
  readonly id: number;
}

/** Reads the interface description block `[at, end)`, its trailing length left out; a string says why it cannot be believed. */
export function readInterface(
  view: DataView,
  at: number,
  end: number,
  littleEndian: boolean,
  place: Place,
): Interface | string {
  const found = new Map<number, Uint8Array>();
  for (const option of options(view, at + OPTIONS, end, littleEndian)) {
    if (option === undefined) return 'an option of the interface there reaches beyond its block';
    found.set(option.code, new Uint8Array(view.buffer, view.byteOffset + option.from, option.length));
  }
  const resolution = sized(found.get(OPTION.resolution), 1)?.getUint8(0) ?? MICROSECONDS;
  const base = resolution > 0x7f ? 2 : 10;
  const power = resolution & 0x7f;
  if (power > (base === 2 ? 63 : 19))
    return `the interface there counts ${base}^-${power} seconds, too fine for 64 bits`;
  const port: Port = {
    linkType: view.getUint16(at + LINK_TYPE, littleEndian),
    snaplen: view.getUint32(at + SNAPLEN, littleEndian),
    nanos: power > (base === 2 ? 19 : MICROSECONDS),
    ...described(found, littleEndian),
    ...place,
    block: new Uint8Array(view.buffer, view.byteOffset + at, end + 4 - at).slice(),
  };
  const offset = Number(sized(found.get(OPTION.offset), 8)?.getBigInt64(0, littleEndian) ?? 0);
  return { port, unit: base ** power, nanosInUnit: base === 2 || power > 9 ? 0 : 10 ** (9 - power), offset };
}
type Described = Pick<Port, 'name' | 'description' | 'mac' | 'speed' | 'filter' | 'system' | 'hardware'>;
function described(found: ReadonlyMap<number, Uint8Array>, littleEndian: boolean): Described {
  const filter = found.get(OPTION.filter);
  const speed = sized(found.get(OPTION.speed), 8)?.getBigUint64(0, littleEndian);
  return {
    name: textOf(found.get(OPTION.name)),
    description: textOf(found.get(OPTION.description)),
    mac: macOf(found.get(OPTION.mac)),
    speed: speed === undefined ? undefined : Number(speed),
    filter: filter?.[0] === FILTER_TEXT ? textOf(filter.subarray(1)) : undefined,
    system: textOf(found.get(OPTION.system)),
    hardware: textOf(found.get(OPTION.hardware)),
  };
}
/** An option of another length than its own says nothing. */
function sized(value: Uint8Array | undefined, length: number): DataView | undefined {
  return value?.length === length ? new DataView(value.buffer, value.byteOffset, length) : undefined;
}
/** Some writers end texts as C does. */
function textOf(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : text.decode(value).replace(/\0+$/, '');
}
function macOf(value: Uint8Array | undefined): string | undefined {
  if (value?.length !== 6) return undefined;
  return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
