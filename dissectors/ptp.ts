import { bits, type Field, header, s8, u8, u16, u32, u48, u64 } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { CONTROLS, ptpText, SIZE, VERSION } from './ptp/text.ts';

const TYPES: Readonly<Record<number, string>> = {
  0: 'Sync',
  1: 'Delay request',
  2: 'Peer delay request',
  3: 'Peer delay response',
  8: 'Follow-up',
  9: 'Delay response',
  10: 'Peer delay response follow-up',
  11: 'Announce',
  12: 'Signalling',
  13: 'Management',
};
const stamps = (which: string) => ({
  [`${which}.seconds`]: u48('Time', { unit: 'seconds' }),
  [`${which}.nanoseconds`]: u32('Fraction of the time', { unit: 'nanoseconds' }),
});
const head = header(
  'ptp',
  {
    'v2.first': u8('Major SDO ID and message type', { base: 'hex' }),
    'v2.majorsdoid': bits('v2.first', 0xf0, 'Major SDO ID', { base: 'hex' }),
    'v2.messagetype': bits('v2.first', 0x0f, 'Message type', { names: TYPES }),
    'v2.versions': u8('Versions', { base: 'hex' }),
    'v2.minorversionptp': bits('v2.versions', 0xf0, 'Minor version'),
    'v2.versionptp': bits('v2.versions', 0x0f, 'Version'),
    'v2.messagelength': u16('Message length', { unit: 'bytes' }),
    'v2.domainnumber': u8('Domain'),
    'v2.minorsdoid': u8('Minor SDO ID'),
    'v2.flags': u16('Flags', { base: 'hex' }),
    'v2.flags.security': bits('v2.flags', 0x8000, 'Security'),
    'v2.flags.unicast': bits('v2.flags', 0x0400, 'Unicast'),
    'v2.flags.twostep': bits('v2.flags', 0x0200, 'Two steps'),
    'v2.flags.alternatemaster': bits('v2.flags', 0x0100, 'Alternate master'),
    'v2.flags.frequencytraceable': bits('v2.flags', 0x0020, 'Frequency is traceable'),
    'v2.flags.timetraceable': bits('v2.flags', 0x0010, 'Time is traceable'),
    'v2.flags.timescale': bits('v2.flags', 0x0008, "PTP's own time scale"),
    'v2.flags.utcreasonable': bits('v2.flags', 0x0004, 'UTC offset is valid'),
    'v2.flags.li59': bits('v2.flags', 0x0002, 'The last minute has 59 seconds'),
    'v2.flags.li61': bits('v2.flags', 0x0001, 'The last minute has 61 seconds'),
    'v2.correction.ns': u48('Correction', { unit: 'nanoseconds' }),
    'v2.correction.subns': u16('Fraction of the correction', { unit: '1/65536 ns' }),
    'v2.messagetypespecific': u32('Specific to the message type', { base: 'hex' }),
    'v2.clockidentity': u64('Clock'),
    'v2.sourceportid': u16('Port of the clock'),
    'v2.sequenceid': u16('Sequence'),
    'v2.controlfield': u8('Control', { names: CONTROLS }),
    'v2.logmessageperiod': s8('Interval of the messages', { unit: 'log2 seconds' }),
  },
  {
    ...stamps('v2.sdr.origintimestamp'),
    ...stamps('v2.an.origintimestamp'),
    ...stamps('v2.fu.preciseorigintimestamp'),
    ...stamps('v2.dr.receivetimestamp'),
    ...stamps('v2.pdrq.origintimestamp'),
    ...stamps('v2.pdrs.requestreceipttimestamp'),
    ...stamps('v2.pdfu.responseorigintimestamp'),
    'v2.an.origincurrentutcoffset': u16('Offset to UTC', { unit: 'seconds' }),
    'v2.an.reserved': u8('Reserved'),
    'v2.an.priority1': u8('First priority'),
    'v2.an.grandmasterclockclass': u8('Class of the grandmaster'),
    'v2.an.grandmasterclockaccuracy': u8('Accuracy of the grandmaster', { base: 'hex' }),
    'v2.an.grandmasterclockvariance': u16('Variance of the grandmaster'),
    'v2.an.priority2': u8('Second priority'),
    'v2.an.grandmasterclockidentity': u64('Grandmaster'),
    'v2.an.localstepsremoved': u16('Steps to the grandmaster'),
    'v2.timesource': u8('Source of the time', { base: 'hex' }),
    'v2.dr.requestingsourceportidentity': u64('Requesting clock'),
    'v2.dr.requestingsourceportid': u16('Port of the requesting clock'),
    'v2.pdrs.requestingportidentity': u64('Requesting clock'),
    'v2.pdrs.requestingsourceportid': u16('Port of the requesting clock'),
    'v2.pdfu.requestingportidentity': u64('Requesting clock'),
    'v2.pdfu.requestingsourceportid': u16('Port of the requesting clock'),
    'v2.sig.targetportidentity': u64('Addressed clock'),
    'v2.sig.targetportid': u16('Port of the addressed clock'),
    'v2.mm.targetportidentity': u64('Addressed clock'),
    'v2.mm.targetportid': u16('Port of the addressed clock'),
    'v2.mm.startingboundaryhops': u8('Boundary clocks to pass, at the start'),
    'v2.mm.boundaryhops': u8('Boundary clocks to pass'),
  },
);
const named = (start: string): Field[] =>
  head.$all.filter(({ name, distance }) => distance < 0 && name.startsWith(`ptp.v2.${start}.`));
/** What follows the header, by message type (IEEE 1588 clause 13). */
const BODIES: Readonly<Record<number, readonly Field[]>> = {
  0: named('sdr'),
  1: named('sdr'),
  2: named('pdrq'),
  3: named('pdrs'),
  8: named('fu'),
  9: named('dr'),
  10: named('pdfu'),
  11: [...named('an'), head['v2.timesource']],
  12: named('sig'),
  13: named('mm'),
};

/** Precision Time Protocol. Of version 1 only the version is told. */
export const precisionTime = protocol(head, {
  title: 'Precision Time Protocol',
  source: 'IEEE 1588',
  on: { 'udp.port': [319, 320], ethertype: 0x88f7 },
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    if (head['v2.versionptp'].read(frame.bytes, at) !== VERSION) return;
    const body = BODIES[head['v2.messagetype'].read(frame.bytes, at)];
    if (body !== undefined) inOrder(body, at + SIZE, frame.limit(d), visit);
  },
  line: ptpText,
});
