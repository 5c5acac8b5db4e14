import type { Line } from '../../src/dissect/line.ts';

/** Classes of messages of MTP3's user adaptation (RFC 4666 section 3.1.2), with their messages. */
const CLASSES: Readonly<Record<number, readonly [name: string, messages: Readonly<Record<number, string>>]>> = {
  0: ['Management', { 0: 'Error', 1: 'Notify' }],
  1: ['Transfer', { 1: 'Data' }],
  2: [
    'SS7',
    {
      1: 'Destination Unavailable',
      2: 'Destination Available',
      3: 'Destination State Audit',
      4: 'Signalling Congestion',
      5: 'Destination User Part Unavailable',
      6: 'Destination Restricted',
    },
  ],
  3: [
    'ASP',
    {
      1: 'Up',
      2: 'Down',
      3: 'Heartbeat',
      4: 'Up Acknowledgement',
      5: 'Down Acknowledgement',
      6: 'Heartbeat Acknowledgement',
    },
  ],
  4: ['ASP', { 1: 'Active', 2: 'Inactive', 3: 'Active Acknowledgement', 4: 'Inactive Acknowledgement' }],
  9: [
    'Routing Key Management',
    {
      1: 'Registration Request',
      2: 'Registration Response',
      3: 'Deregistration Request',
      4: 'Deregistration Response',
    },
  ],
};
const PARAMETERS: Readonly<Record<number, string>> = {
  4: 'INFO String',
  6: 'Routing Context',
  7: 'Diagnostic Info',
  9: 'Heartbeat Data',
  11: 'Traffic Mode Type',
  12: 'Error Code',
  13: 'Status',
  17: 'ASP Identifier',
  18: 'Affected Point Code',
  19: 'Correlation ID',
  512: 'Network Appearance',
  516: 'User/Cause',
  517: 'Congestion Indications',
  518: 'Concerned Destination',
  519: 'Routing Key',
  520: 'Registration Result',
  521: 'Deregistration Result',
  522: 'Local Routing Key Identifier',
  523: 'Destination Point Code',
  524: 'Service Indicators',
  526: 'Originating Point Code List',
  528: 'Protocol Data',
  530: 'Registration Status',
  531: 'Deregistration Status',
};
/** Network appearance, routing context, correlation: the parameters of which tcpdump shows a number. */
const SHOWN: ReadonlySet<number> = new Set([0x0006, 0x0013, 0x0200]);
const HEADER = 8;
const PARAMETER_HEADER = 4;

/** tcpdump's text of a message of `size` bytes at `at`. */
export function m3uaText(w: Line, at: number, size: number): void {
  w.label = 'm3ua';
  if (size < HEADER) {
    w.invalid();
    w.need(at, size);
  } else if (w.need(at, HEADER) && w.u8(at) === 1) messageText(w, at, size);
  w.label = 'sctp';
}
function messageText(w: Line, at: number, size: number): void {
  const [ofClass, type] = [w.u8(at + 2), w.u8(at + 3)];
  const known = CLASSES[ofClass];
  w.str(`\n\t\t${known?.[0] ?? `Unknown message class ${ofClass}`}`);
  if (known !== undefined) {
    w.char(0x20);
    w.named(known[1], type, 'Unknown (0x%02x)');
    w.str(' Message');
  }
  const length = w.u32(at + 4);
  if (length !== size) w.str(`\n\t\t\t@@@@@@ Corrupted length ${length} of message @@@@@@`);
  else parametersText(w, at + HEADER, at + size);
}
function parametersText(w: Line, from: number, end: number): void {
  for (let at = from; at < end && !w.cut; ) {
    if (at + PARAMETER_HEADER > end) {
      wrong(w, from, end);
      return;
    }
    const type = w.u16(at);
    w.str('\n\t\t\t');
    w.named(PARAMETERS, type, 'Unknown Parameter (0x%04x)');
    w.str(': ');
    const length = w.u16(at + 2);
    if (length < PARAMETER_HEADER) {
      wrong(w, from, end);
      return;
    }
    const padded = length + (-(at + length - from) & 3);
    if (!w.need(at, padded)) return;
    if (!SHOWN.has(type)) w.str(`(length ${length})`);
    else if (length < 2 * PARAMETER_HEADER) w.invalid();
    else {
      // Of the parameter's header, where its value is meant.
      w.str('0x');
      w.hexPadded(w.u32(at), 8);
    }
    at += padded;
  }
}
function wrong(w: Line, from: number, end: number): void {
  w.invalid();
  w.need(from, end - from);
}
