/** Why a packet was discarded (ISO 8473 clause 7.5.4): the classes of errors, and the reasons in each, as tcpdump's users know them. */
export const REASONS: Readonly<Record<number, readonly [name: string, reasons: Readonly<Record<number, string>>]>> = {
  0: [
    'General',
    {
      0: 'Reason not specified',
      1: 'Protocol procedure error',
      2: 'Incorrect checksum',
      3: 'PDU discarded due to congestion',
      4: 'Header syntax error (cannot be parsed)',
      5: 'Segmentation needed but not permitted',
      6: 'Incomplete PDU received',
      7: 'Duplicate option',
    },
  ],
  8: ['Address', { 0: 'Destination address unreachable', 1: 'Destination address unknown' }],
  9: [
    'Source Routeing',
    {
      0: 'Unspecified source routeing error',
      1: 'Syntax error in source routeing field',
      2: 'Unknown address in source routeing field',
      3: 'Path not acceptable',
    },
  ],
  10: ['Lifetime', { 0: 'Lifetime expired while data unit in transit', 1: 'Lifetime expired during reassembly' }],
  11: [
    'PDU Discarded',
    {
      0: 'Unsupported option not specified',
      1: 'Unsupported protocol version',
      2: 'Unsupported security option',
      3: 'Unsupported source routeing option',
      4: 'Unsupported recording of route option',
    },
  ],
  12: ['Reassembly', { 0: 'Reassembly interference' }],
};
