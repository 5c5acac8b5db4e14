import { header, bytes as raw, text, u8 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { COMMANDS, END, IAC, isNegotiation, OPTIONS, SUB, telnetText } from './telnet/text.ts';
import { find } from './text-lines.ts';

const telnet = header(
  'telnet',
  {},
  {
    cmd: u8('Command', { names: COMMANDS }),
    subcmd: u8('Option', { names: OPTIONS }),
    option_data: raw('Option data'),
    data: text('Data'),
  },
);

/** Telnet: a terminal's characters, and commands among them. */
export const terminal = protocol(telnet, {
  title: 'Telnet',
  source: 'RFC 854',
  on: { 'tcp.port': 23 },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at < end; ) {
      const to = find(bytes, IAC, at, end);
      if (to > at) visit(telnet.data, at, to);
      at = visitCommand(bytes, to, end, visit);
    }
  },
  line: telnetText,
});

/** Returns where what follows the command begins. */
function visitCommand(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  if (at + 2 > end) return end;
  const command = read8(bytes, at + 1);
  // Twice the same is the character itself.
  visit(command === IAC ? telnet.data : telnet.cmd, at + 1, at + 2);
  if (!isNegotiation(command) || at + 3 > end) return at + 2;
  visit(telnet.subcmd, at + 2, at + 3);
  if (command !== SUB) return at + 3;
  let to = at + 3;
  while (to < end && (read8(bytes, to) !== IAC || to + 1 === end || read8(bytes, to + 1) !== END)) to++;
  if (to > at + 3) visit(telnet.option_data, at + 3, to);
  return to;
}
