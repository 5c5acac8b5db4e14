import { readFileSync } from 'node:fs';
import { addressText } from './inet.ts';

/** A socket as the kernel lists it. */
export interface ListedSocket {
  /** Of the file that it is for its process; 0: none has it any more. */
  readonly inode: number;
  /** IPPROTO_ number. */
  readonly transport: number;
  /** TCP_ number. */
  readonly state: number;
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  /** How many packets for it were dropped; of TCP none are told. */
  readonly drops: number;
}
/** Of the calling thread's network namespace. */
const FOLDER = '/proc/thread-self/net';
const TABLES: readonly (readonly [file: string, transport: number])[] = [
  ['tcp', 6],
  ['tcp6', 6],
  ['udp', 17],
  ['udp6', 17],
];
/** Columns: net/ipv4/tcp_ipv4.c, get_tcp4_sock. */
const COLUMN = { local: 1, remote: 2, state: 3, inode: 9, drops: 12 } as const;
const UDP = 17;

/** The sockets of TCP and UDP in the thread's network namespace. */
export function listSockets(): ListedSocket[] {
  return TABLES.flatMap(([file, transport]) => {
    const [, ...lines] = textOf(file).split('\n');
    return lines.filter((line) => line !== '').map((line) => socketOf(line, transport));
  });
}
/** IPv6 may be missing. */
function textOf(file: string): string {
  try {
    return readFileSync(`${FOLDER}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
function socketOf(line: string, transport: number): ListedSocket {
  const columns = line.trim().split(/\s+/);
  const [local, localPort] = endOf(columns[COLUMN.local]!);
  const [remote, remotePort] = endOf(columns[COLUMN.remote]!);
  const state = Number.parseInt(columns[COLUMN.state]!, 16);
  const [inode, drops] = [Number(columns[COLUMN.inode]), transport === UDP ? Number(columns[COLUMN.drops]) : 0];
  return { inode, transport, state, local, localPort, remote, remotePort, drops };
}
/** `0100007F:0035`: words as the machine has them, a port as a number. */
function endOf(text: string): [address: string, port: number] {
  const [words, port] = text.split(':') as [string, string];
  const memory = new Uint32Array(
    Array.from({ length: words.length / 8 }, (_, i) => Number.parseInt(words.slice(i * 8, i * 8 + 8), 16)),
  );
  return [addressText(new DataView(memory.buffer)), Number.parseInt(port, 16)];
}
