import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';

/** Interpret as command (RFC 854): what follows is none of the terminal's characters. */
export const IAC = 255;
/** The begin and the end of what is said about an option. */
export const SUB = 250;
export const END = 240;
const FIRST = 236;
const NAMES = 'EOF SUSP ABORT EOR SE NOP DMARK BRK IP AO AYT EC EL GA SB WILL WONT DO DONT IAC'.split(' ');
export const COMMANDS: Readonly<Record<number, string>> = Object.fromEntries(NAMES.map((name, i) => [FIRST + i, name]));
/** Are these followed by an option? */
export const isNegotiation = (command: number): boolean => command >= SUB && command < IAC;

/** IANA's registry "Telnet Options". */
export const OPTIONS: Readonly<Record<number, string>> = {
  0: 'BINARY',
  1: 'ECHO',
  2: 'RCP',
  3: 'SUPPRESS GO AHEAD',
  4: 'NAME',
  5: 'STATUS',
  6: 'TIMING MARK',
  7: 'RCTE',
  8: 'NAOL',
  9: 'NAOP',
  10: 'NAOCRD',
  11: 'NAOHTS',
  12: 'NAOHTD',
  13: 'NAOFFD',
  14: 'NAOVTS',
  15: 'NAOVTD',
  16: 'NAOLFD',
  17: 'EXTEND ASCII',
  18: 'LOGOUT',
  19: 'BYTE MACRO',
  20: 'DATA ENTRY TERMINAL',
  21: 'SUPDUP',
  22: 'SUPDUP OUTPUT',
  23: 'SEND LOCATION',
  24: 'TERMINAL TYPE',
  25: 'END OF RECORD',
  26: 'TACACS UID',
  27: 'OUTPUT MARKING',
  28: 'TTYLOC',
  29: '3270 REGIME',
  30: 'X.3 PAD',
  31: 'NAWS',
  32: 'TSPEED',
  33: 'LFLOW',
  34: 'LINEMODE',
  35: 'XDISPLOC',
  36: 'OLD-ENVIRON',
  37: 'AUTHENTICATION',
  38: 'ENCRYPT',
  39: 'NEW-ENVIRON',
};
/** What the first bytes said about an option are called. */
const SUBCOMMANDS = [['IS', 'SEND', 'INFO']] as const;
const AUTHENTICATION = [
  ['IS', 'SEND', 'REPLY', 'NAME'],
  [
    'NULL',
    'KERBEROS_V4',
    'KERBEROS_V5',
    'SPX',
    'MINK',
    'SRP',
    'RSA',
    'SSL',
    undefined,
    undefined,
    'LOKI',
    'SSA',
    'KEA_SJ',
    'KEA_SJ_INTEG',
    'DSS',
    'NTLM',
  ],
] as const;
const ENCRYPTION = [
  ['IS', 'SUPPORT', 'REPLY', 'START', 'END', 'REQUEST-START', 'REQUEST-END', 'END_KEYID', 'DEC_KEYID'],
  [
    'NULL',
    'DES_CFB64',
    'DES_OFB64',
    'DES3_CFB64',
    'DES3_OFB64',
    undefined,
    'CAST5_40_CFB64',
    'CAST5_40_OFB64',
    'CAST128_CFB64',
    'CAST128_OFB64',
  ],
] as const;
const subcommandsOf = (option: number): readonly (readonly (string | undefined)[])[] => {
  if (option === 37) return AUTHENTICATION;
  return option === 38 ? ENCRYPTION : SUBCOMMANDS;
};

/** tcpdump's text of the commands that a segment begins with: `[telnet DO ECHO, WILL NAWS]`. */
export function telnetText(w: Line, frame: Frame, d: number): void {
  let at = frame.from[d]!;
  let end = frame.claim[d]!;
  let any = false;
  w.label = 'telnet';
  while (at !== end && w.u8(at) === IAC) {
    const to = commandEnd(w, at, end);
    if (to < 0 || w.cut) break;
    w.str(any ? ', ' : ' [telnet ');
    any = true;
    commandText(w, at, to);
    at = to;
    // tcpdump takes the last byte for the end of an option's data, goes one too far, and then knows no end.
    if (at > end) end = Number.POSITIVE_INFINITY;
  }
  if (any) w.char(0x5d);
}
/** Where the command at `at` ends; -1 when it is none, or not whole. */
function commandEnd(w: Line, at: number, end: number): number {
  if (at + 2 > end) return -1;
  const command = w.u8(at + 1);
  if (command < FIRST) return -1;
  if (!isNegotiation(command)) return at + 2;
  if (at + 3 > end) return -1;
  w.u8(at + 2);
  if (command !== SUB) return at + 3;
  const close = closeOf(w, at + 3, end);
  return w.u8(close) === IAC ? close + 2 : -1;
}
/** Where the end of what is said about an option begins, or the last byte. */
function closeOf(w: Line, from: number, end: number): number {
  let at = from;
  while (at + 1 < end && !w.cut && (w.u8(at) !== IAC || w.u8(at + 1) !== END)) at++;
  return at;
}
function commandText(w: Line, at: number, to: number): void {
  const command = w.u8(at + 1);
  if (command === IAC) w.str('IAC ');
  w.str(COMMANDS[command]!);
  if (!isNegotiation(command)) return;
  const option = w.u8(at + 2);
  w.char(0x20);
  valueText(w, OPTIONS[option], option);
  if (command !== SUB) return;
  const names = subcommandsOf(option);
  for (let i = 0; at + 3 + i < to - 2; i++) {
    const value = w.u8(at + 3 + i);
    w.char(0x20);
    valueText(w, names[i]?.[value], value);
  }
  w.str(' SE');
}
/** A name, or the number as C's `%#x` writes it. */
function valueText(w: Line, name: string | undefined, value: number): void {
  if (name !== undefined) w.str(name);
  else {
    w.str(value === 0 ? '0' : '0x');
    if (value > 0) w.hex(value);
  }
}
