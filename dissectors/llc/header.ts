import { bits, header, u8, u16, u24 } from '../../src/bytes/field.ts';
import { u8Kind } from '../../src/bytes/kind.ts';
import { ETHERTYPES } from '../names/ethertypes.ts';
import { CISCO_PIDS, SAPS, SUPERVISORY } from '../names/llc.ts';
import { OUIS } from '../names/ouis.ts';
import { part } from '../part.ts';

/** IEEE 802.2, and the Subnetwork Access Protocol's extension of it (IEEE 802). */
export const llc = header(
  'llc',
  {
    dsap: u8('Destination service access point', { base: 'hex', names: SAPS }),
    'dsap.sap': bits('dsap', 0xfe, 'Destination address', { base: 'hex' }),
    'dsap.ig': bits('dsap', 0x01, 'Group address'),
    ssap: u8('Source service access point', { base: 'hex', names: SAPS }),
    'ssap.sap': bits('ssap', 0xfe, 'Source address', { base: 'hex' }),
    'ssap.cr': bits('ssap', 0x01, 'Response'),
    control: u8('Control', { base: 'hex' }),
    'control.ftype': bits('control', 0x03, 'Frame type', {
      names: { 0: 'Information', 1: 'Supervisory', 2: 'Information', 3: 'Unnumbered' },
    }),
  },
  {
    'control.n_s': part(u8Kind, 0xfe, 'Send sequence number'),
    'control.s_ftype': part(u8Kind, 0x0c, 'Supervisory frame type', { names: SUPERVISORY }),
    'control.n_r': part(u8Kind, 0xfe, 'Receive sequence number'),
    'control.p': part(u8Kind, 0x01, 'Poll or final'),
    oui: u24('Organization code', { base: 'hex', names: OUIS }),
    type: u16('Type', { base: 'hex', names: ETHERTYPES }),
    cisco_pid: u16('Protocol of Cisco', { base: 'hex', names: CISCO_PIDS }),
    pid: u16('Protocol of the organization', { base: 'hex' }),
  },
);
export const SNAP_SAP = 0xaa;
/** Unnumbered information: the frame carries a payload and belongs to no connection. */
export const UI = 0x03;
export const SNAP_SIZE = 5;
export const OUI = { ethernet: 0x000000, cisco: 0x00000c, ciscoBridge: 0x0000f8, bridged: 0x0080c2, apple: 0x080007 };
export const BPDU_PID = 0x000e;
/** RFC 2684 puts two bytes before a bridged Ethernet frame, so that its payload is aligned. */
export const BRIDGE_PAD = 2;
export const isBridgedEthernet = (pid: number): boolean => pid === 0x0001 || pid === 0x0007;

/** Unnumbered frames have one byte of control, the others two. */
export const isUnnumbered = (control: number): boolean => (control & 0x03) === 0x03;
export const isSupervisory = (control: number): boolean => (control & 0x03) === 0x01;
/** Both ends are the service access point `sap`, whatever their group and response bits. */
export const isBetween = (bytes: Uint8Array, at: number, sap: number): boolean =>
  (llc.dsap.read(bytes, at) & 0xfe) === sap && (llc.ssap.read(bytes, at) & 0xfe) === sap;
