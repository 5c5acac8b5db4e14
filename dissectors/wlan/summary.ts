import type { Frame } from '../../src/dissect/frame.ts';
import { hasChecksum } from '../radiotap/below.ts';
import { wlan } from './header.ts';

/** By type and subtype, as Wireshark calls them. */
const KINDS: Readonly<Record<number, string>> = {
  0: 'Association Request',
  1: 'Association Response',
  2: 'Reassociation Request',
  3: 'Reassociation Response',
  4: 'Probe Request',
  5: 'Probe Response',
  6: 'Measurement Pilot',
  8: 'Beacon frame',
  9: 'ATIM',
  10: 'Disassociate',
  11: 'Authentication',
  12: 'Deauthentication',
  13: 'Action',
  14: 'Action No Ack',
  15: 'Aruba Management',
  18: 'Trigger',
  20: 'Beamforming Report Poll',
  21: 'VHT/HE NDP Announcement',
  23: 'Control Wrapper',
  24: '802.11 Block Ack Req',
  25: '802.11 Block Ack',
  26: 'Power-Save poll',
  27: 'Request-to-send',
  28: 'Clear-to-send',
  29: 'Acknowledgement',
  30: 'CF-End (Control-frame)',
  31: 'CF-End + CF-Ack (Control-frame)',
  32: 'Data',
  33: 'Data + CF-Ack',
  34: 'Data + CF-Poll',
  35: 'Data + CF-Ack + CF-Poll',
  36: 'Null function (No data)',
  37: 'Acknowledgement (No data)',
  38: 'CF-Poll (No data)',
  39: 'CF-Ack/Poll (No data)',
  40: 'QoS Data',
  41: 'QoS Data + CF-Acknowledgment',
  42: 'QoS Data + CF-Poll',
  43: 'QoS Data + CF-Ack + CF-Poll',
  44: 'QoS Null function (No data)',
  46: 'QoS CF-Poll (No Data)',
  47: 'QoS CF-Ack + CF-Poll (No data)',
  48: 'DMG Beacon',
  49: 'S1G Beacon',
};
/** The only one whose flags Wireshark leaves out. */
const ANNOUNCEMENT = 21;
/** From the highest bit of the flags to the lowest. */
const LETTERS = 'opmPRMFT';

/** `IEEE 802.11 Data, Flags: .p.....TC`; the last letter tells that the checksum is there. */
export function wlanSummary(frame: Frame, d: number): string {
  const { bytes } = frame;
  const at = frame.from[d]!;
  const version = wlan['fc.version'].read(bytes, at);
  if (version !== 0) return `IEEE 802.11 Unknown Protocol Version:${version}`;
  const kind = wlan['fc.type'].read(bytes, at) * 16 + wlan['fc.subtype'].read(bytes, at);
  const name = `IEEE 802.11 ${KINDS[kind] ?? 'Unrecognized (Reserved frame)'}`;
  if (kind === ANNOUNCEMENT) return name;
  const flags = wlan.flags.read(bytes, at);
  const letters = Array.from(LETTERS, (letter, i) => ((flags & (0x80 >> i)) === 0 ? '.' : letter));
  return `${name}, Flags: ${letters.join('')}${hasChecksum(frame, d) ? 'C' : ''}`;
}
