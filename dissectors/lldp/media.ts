/** tcpdump's text of media endpoint discovery (ANSI/TIA-1057). */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { flagNames, hex, nameOf, paddedText, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import type { Ending } from './text.ts';

type Names = Readonly<Record<number, string>>;
const SUBTYPES: Names = {
  1: 'LLDP-MED Capabilities',
  2: 'Network policy',
  3: 'Location identification',
  4: 'Extended power-via-MDI',
  5: 'Inventory - hardware revision',
  6: 'Inventory - firmware revision',
  7: 'Inventory - software revision',
  8: 'Inventory - serial number',
  9: 'Inventory - manufacturer name',
  10: 'Inventory - model name',
  11: 'Inventory - asset ID',
};
const INVENTORY: Names = {
  5: 'Hardware revision',
  6: 'Firmware revision',
  7: 'Software revision',
  8: 'Serial number',
  9: 'Manufacturer name',
  10: 'Model name',
  11: 'Asset ID',
};
const CAPABILITIES = [
  [1, 'LLDP-MED capabilities'],
  [2, 'network policy'],
  [4, 'location identification'],
  [8, 'extended power via MDI-PSE'],
  [16, 'extended power via MDI-PD'],
  [32, 'Inventory'],
] as const;
const DEVICES: Names = {
  1: 'endpoint class 1',
  2: 'endpoint class 2',
  3: 'endpoint class 3',
  4: 'network connectivity',
};
const APPLICATIONS: Names = {
  1: 'voice',
  2: 'voice signaling',
  3: 'guest voice',
  4: 'guest voice signaling',
  5: 'softphone voice',
  6: 'video conferencing',
  7: 'streaming video',
  8: 'video signaling',
};
const POLICY_FLAGS = [
  [0x80, 'Unknown'],
  [0x40, 'Tagged'],
  [0x20, 'reserved'],
] as const;
const FORMATS: Names = { 1: 'coordinate-based LCI', 2: 'civic address LCI', 3: 'ECS ELIN' };
const ALTITUDES: Names = { 1: 'meters', 2: 'floors' };
const DATUMS: Names = {
  1: 'World Geodesic System 1984',
  2: 'North American Datum 1983 (NAVD88)',
  3: 'North American Datum 1983 (MLLW)',
};
const PLACES: Names = {
  0: 'location of DHCP server',
  1: 'location of the network element believed to be closest to the client',
  2: 'location of the client',
};
const ADDRESS_PARTS: Names = {
  1: 'national subdivisions (state,canton,region,province,prefecture)',
  2: 'county, parish, gun, district',
  3: 'city, township, shi',
  4: 'city division, borough, city district, ward chou',
  5: 'neighborhood, block',
  6: 'street',
};
const SOURCES: Names = { 1: 'PSE - primary power source', 2: 'local - backup power source', 3: 'PSE+local - reserved' };
const PRIORITIES: Names = { 1: 'critical', 2: 'high', 3: 'low' };
const INDENT = literal('\n\t      ');

/** A record that begins at `at` with the organization. */
export function mediaText(w: Line, at: number, size: number): Ending {
  if (size < 4) return 'fine';
  const subtype = w.u8(at + 3);
  say(w, '\n\t  ', nameOf(SUBTYPES, subtype, 'unknown'), ' Subtype (', subtype, ')');
  if (subtype === 1 && size >= 7) capabilitiesText(w, at);
  else if (subtype === 2 && size >= 8) policyText(w, at);
  else if (subtype === 3 && size >= 5) locationText(w, at, size);
  else if (subtype === 4 && size >= 7) powerText(w, at);
  else if (INVENTORY[subtype] !== undefined) {
    say(w, '\n\t  ', INVENTORY[subtype], ' ');
    paddedText(w, at + 4, size - 4);
  } else if (SUBTYPES[subtype] === undefined) return 'dump';
  return 'fine';
}
function capabilitiesText(w: Line, at: number): void {
  const [capabilities, device] = [w.u16(at + 4), w.u8(at + 6)];
  say(
    w,
    '\n\t    Media capabilities [',
    flagNames(CAPABILITIES, capabilities, 'none'),
    '] (0x',
    hex(capabilities, 4),
    ')',
  );
  say(w, '\n\t    Device type [', nameOf(DEVICES, device, 'unknown'), '] (0x', hex(device, 2), ')');
}
function policyText(w: Line, at: number): void {
  const application = w.u8(at + 4);
  say(w, '\n\t    Application type [', nameOf(APPLICATIONS, application, 'none'), '] (0x', hex(application, 2), ')');
  say(w, ', Flags [', flagNames(POLICY_FLAGS, w.u8(at + 5), 'none'), ']');
  const rest = w.u16(at + 6);
  say(w, '\n\t    Vlan id ', (w.u16(at + 5) & 0x1ffe) >> 1);
  say(w, ', L2 priority ', (rest & 0x01ff) >> 6, ', DSCP value ', rest & 0x3f);
}
function powerText(w: Line, at: number): void {
  const first = w.u8(at + 4);
  // tcpdump looks at the lowest bits of the octet, not at the two that tell the type.
  say(w, '\n\t    Power type [', (first & 3) !== 0 ? 'PD device' : 'PSE device');
  say(w, '], Power source [', nameOf(SOURCES, (first & 0x30) >> 4, 'none'), ']');
  say(w, '\n\t    Power priority [', nameOf(PRIORITIES, first & 15, 'none'), '] (0x', hex(first & 15, 2), ')');
  const power = w.u16(at + 5);
  if (power < 1024) say(w, ', Power ', Math.floor(power / 10), '.', power % 10, ' Watts');
  else say(w, ', Power ', power, ' (Reserved)');
}
function locationText(w: Line, at: number, size: number): void {
  const format = w.u8(at + 4);
  say(w, '\n\t    Location data format ', nameOf(FORMATS, format, 'unknown'), ' (0x', hex(format, 2), ')');
  if (format === 1 && size >= 21) coordinatesText(w, at);
  else if (format === 2 && size >= 6) civicText(w, at, size);
  else if (format === 3) {
    w.str('\n\t    ECS ELIN id ');
    paddedText(w, at + 5, size - 5);
  } else if (FORMATS[format] === undefined) {
    w.str('\n\t    Location ID ');
    unknownData(w, at + 5, size - 5, INDENT);
  }
}
/** RFC 6225: resolutions of six bits, angles of 34. */
function coordinatesText(w: Line, at: number): void {
  for (const [name, place] of [
    ['Latitude', 5],
    ['Longitude', 10],
  ] as const) {
    const first = w.u8(at + place);
    const value = (first & 3) * 2 ** 32 + w.u32(at + place + 1);
    say(w, '\n\t    ', name, ' resolution ', first >> 2, ', ', name.toLowerCase(), ' value ', value);
  }
  const kind = w.u8(at + 15) >> 4;
  say(w, '\n\t    Altitude type ', nameOf(ALTITUDES, kind, 'unknown'), ' (', kind, ')');
  say(
    w,
    '\n\t    Altitude resolution ',
    (w.u16(at + 15) >> 6) & 0x3f,
    ', altitude value 0x',
    hex(w.u32(at + 16) & 0x3fff_ffff),
  );
  const datum = w.u8(at + 20);
  say(w, '\n\t    Datum ', nameOf(DATUMS, datum, 'unknown'), ' (0x', hex(datum, 2), ')');
}
function civicText(w: Line, at: number, size: number): void {
  const length = w.u8(at + 5);
  if (length < 3 || size < 7 + length) return;
  const what = w.u8(at + 6);
  say(w, '\n\t    LCI length ', length, ', LCI what ', nameOf(PLACES, what, 'unknown'), ' (0x', hex(what, 2));
  w.str('), Country-code ');
  paddedText(w, at + 7, 2);
  let left = length - 3;
  for (let next = at + 9; left >= 2 && !w.cut; ) {
    const [kind, partLength] = [w.u8(next), w.u8(next + 1)];
    say(w, "\n\t      CA type '", nameOf(ADDRESS_PARTS, kind, 'unknown'), "' (", kind, '), length ', partLength, ': ');
    left -= 2 + partLength;
    if (kind === 0 || partLength === 0 || left < 0) return;
    paddedText(w, next + 2, partLength);
    next += 2 + partLength;
  }
}
