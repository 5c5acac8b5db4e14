import { bits, header, bytes as raw, u8, u16, u24, u32, u48 } from '../../src/bytes/field.ts';

export const TYPES: Readonly<Record<number, string>> = {
  0: 'Request',
  1: 'Response',
  2: 'Data',
  3: 'Ack',
  4: 'DataAck',
  5: 'CloseReq',
  6: 'Close',
  7: 'Reset',
  8: 'Sync',
  9: 'SyncAck',
};
export const TYPE = { request: 0, response: 1, data: 2, ack: 3, reset: 7, last: 9 } as const;
/** RFC 4340 section 5.6. */
const RESETS = {
  0: 'Unspecified',
  1: 'Closed',
  2: 'Aborted',
  3: 'No connection',
  4: 'Packet error',
  5: 'Option error',
  6: 'Mandatory error',
  7: 'Connection refused',
  8: 'Bad service code',
  9: 'Too busy',
  10: 'Bad init cookie',
  11: 'Aggression penalty',
};
export const dccp = header(
  'dccp',
  {
    srcport: u16('Source port', { also: 'dccp.port' }),
    dstport: u16('Destination port', { also: 'dccp.port' }),
    data_offset: u8('Data offset', { unit: '4 bytes' }),
    values: u8('CCVal and checksum coverage', { base: 'hex' }),
    ccval: bits('values', 0xf0, 'For the congestion control'),
    cscov: bits('values', 0x0f, 'Checksum coverage'),
    checksum: u16('Checksum', { base: 'hex' }),
    kind: u8('Type and extension', { base: 'hex' }),
    type: bits('kind', 0x1e, 'Type', { names: TYPES }),
    x: bits('kind', 0x01, 'Extended sequence numbers'),
    low: u24('Reserved, or the short sequence number', { base: 'hex' }),
  },
  {
    seq: u48('Sequence number'),
    seq_raw: u24('Short sequence number'),
    ack: u48('Acknowledgment number'),
    ack_raw: u24('Short acknowledgment number'),
    service_code: u32('Service code'),
    reset_code: u8('Reset code', { names: RESETS }),
    option_type: u8('Option type'),
    options: raw('Option value'),
  },
);
export const EXTENDED_SIZE = 16;
/** The part of the header that every type has: shorter with short sequence numbers. */
export const genericSize = (bytes: Uint8Array, at: number): number =>
  dccp.x.read(bytes, at) === 1 ? EXTENDED_SIZE : dccp.$size;
/** Requests and plain data acknowledge nothing. */
export const acknowledges = (type: number): boolean => type !== TYPE.request && type !== TYPE.data;
