/**
 * Compares the conversations of third-party captures with those that tshark counts now.
 *   node build.mjs test/oracle/conversations.ts && node dist/scripts/test/oracle/conversations.js [PART OF A NAME] [MOST]
 */
import { spawnSync } from 'node:child_process';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import type { Moment } from '../../src/flow/conversation.ts';
import { CONVERSATION_KINDS, Conversations } from '../../src/flow/conversations.ts';
import { run } from '../../src/session.ts';
import { NEEDS, type Sink } from '../../src/sink/sink.ts';
import { allCaptures } from '../support/captures.ts';

const registry = new Registry(protocols);
/** Several conversations have the same ends where ports are used again. */
type Rows = Map<string, string[]>;

async function conversationsOf(path: string): Promise<Conversations> {
  const found = new Conversations(registry, 1 << 20);
  const sink: Sink = {
    needs: NEEDS.streams,
    whole: true,
    begin() {},
    frame: (frame: Frame) => found.see(frame),
    flush() {},
    end() {},
  };
  await using source = await openFile(path);
  await run({ source, registry, sinks: [sink] });
  return found;
}
export function tshark(path: string, args: readonly string[]): string {
  const { stdout, status, stderr } = spawnSync('tshark', ['-n', '-r', path, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0 && !/cut short|appears to be damaged|isn't fully read/.test(stderr)) throw new Error(stderr);
  return stdout;
}
export const tsharkVersion = (): string | undefined =>
  /(\d+\.\d+\.\d+)/.exec(spawnSync('tshark', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];

const HEADS: Readonly<Record<string, string>> = { Ethernet: 'eth', IPv4: 'ip', IPv6: 'ipv6', TCP: 'tcp', UDP: 'udp' };
const LINE = /^(\S+) +<-> (\S+) +(\d+) (\d+ \w+) +(\d+) (\d+ \w+) +\d+ \d+ \w+ +(\S+) +(\S+)$/;
const PACKET = ['frame.time_epoch', 'tcp.stream', 'tcp.analysis.retransmission'].flatMap((name) => ['-e', name]);
/** What tshark says of a capture, in one run. */
interface Theirs {
  readonly rows: Rows;
  /** Of the first packet. */
  readonly start: Moment;
  /** By stream: packets that it takes for sent again. */
  readonly again: ReadonlyMap<number, number>;
}
function theirs(path: string): Theirs {
  const rows: Rows = new Map();
  const again = new Map<number, number>();
  let start: Moment | undefined;
  let kind = '';
  const tables = CONVERSATION_KINDS.flatMap((name) => ['-z', `conv,${name}`]);
  for (const line of tshark(path, ['-T', 'fields', ...PACKET, ...tables]).split('\n')) {
    const [time, streams, retransmission] = line.split('\t');
    if (streams !== undefined) {
      const [seconds, nanos] = time!.split('.');
      start ??= { seconds: Number(seconds), nanos: Number(nanos) };
      // Of several in one packet it does not tell which was sent again.
      const stream = Number(streams.split(',')[0]);
      if (retransmission !== '') again.set(stream, (again.get(stream) ?? 0) + 1);
      continue;
    }
    kind = HEADS[/^(\w+) Conversations$/.exec(line)?.[1] ?? ''] ?? kind;
    const found = LINE.exec(line);
    if (found === null) continue;
    const [, a, b, packetsBA, bytesBA, packetsAB, bytesAB, begin, duration] = found as unknown as string[];
    add(rows, kind, a!, b!, `${packetsAB} ${bytesAB}`, `${packetsBA} ${bytesBA}`, `${begin} ${duration}`);
  }
  return { rows, start: start ?? { seconds: 0, nanos: 0 }, again };
}
function ours(found: Conversations, origin: Moment): Rows {
  const rows: Rows = new Map();
  for (const kind of CONVERSATION_KINDS) {
    const table = found.of(kind);
    for (let slot = 0; slot < table.length; slot++) {
      const row = table.row(slot);
      const time = `${between(origin, row.firstAt).toFixed(9)} ${between(row.firstAt, row.lastAt).toFixed(4)}`;
      const there = `${row.packetsAB} ${size(row.bytesAB)}`;
      const back = `${row.packetsBA} ${size(row.bytesBA)}`;
      add(rows, kind, end(row.a, row.portA), end(row.b, row.portB), there, back, time);
    }
  }
  return rows;
}
const end = (address: string, port: number | undefined): string =>
  port === undefined ? address : `${address}:${port}`;
/** In seconds, with the parts of a second never negative: rounded as tshark rounds them. */
function between(from: Moment, to: Moment): number {
  const nanos = to.nanos - from.nanos;
  return nanos < 0 ? to.seconds - from.seconds - 1 + (nanos + 1e9) / 1e9 : to.seconds - from.seconds + nanos / 1e9;
}
/** As tshark writes numbers of bytes. */
const size = (bytes: number): string =>
  bytes < 10_000 ? `${bytes} bytes` : bytes < 1e7 ? `${Math.floor(bytes / 1000)} kB` : `${Math.floor(bytes / 1e6)} MB`;
function add(rows: Rows, kind: string, a: string, b: string, there: string, back: string, time: string): void {
  const turned = a > b;
  const key = turned ? `${kind} ${b} ${a}` : `${kind} ${a} ${b}`;
  const text = turned ? `${back} | ${there} | ${time}` : `${there} | ${back} | ${time}`;
  rows.set(key, [...(rows.get(key) ?? []), text].sort());
}
/** The last of a conversation's numbers is its duration, which tshark rounds to four decimals from a difference of doubles. */
function isSame(theirs: string, ours: string): boolean {
  const [wanted, found] = [theirs.split('; '), ours.split('; ')];
  const parts = (row: string) => [row.slice(0, row.lastIndexOf(' ')), row.slice(row.lastIndexOf(' '))] as const;
  return (
    wanted.length === found.length &&
    wanted.every((row, i) => {
      const [[counts, duration], [ourCounts, ourDuration]] = [parts(row), parts(found[i]!)];
      return counts === ourCounts && (theirs === ours || Math.abs(Number(duration) - Number(ourDuration)) < 0.000_15);
    })
  );
}
export interface Difference {
  readonly key: string;
  readonly theirs: string;
  readonly ours: string;
}
export interface Comparison {
  readonly rows: number;
  readonly differences: readonly Difference[];
  /** By TCP stream: packets that were sent again. */
  readonly again: ReadonlyMap<number, readonly [theirs: number, ours: number]>;
}
export async function compare(path: string): Promise<Comparison> {
  const expected = theirs(path);
  const found = await conversationsOf(path);
  const got = ours(found, expected.start);
  const differences: Difference[] = [];
  for (const key of new Set([...expected.rows.keys(), ...got.keys()])) {
    const wanted = expected.rows.get(key)?.join('; ') ?? 'none';
    const have = got.get(key)?.join('; ') ?? 'none';
    if (!isSame(wanted, have)) differences.push({ key, theirs: wanted, ours: have });
  }
  const again = new Map<number, readonly [number, number]>();
  const table = found.of('tcp');
  for (let slot = 0; slot < table.length; slot++) {
    const { stream, tcp } = table.row(slot);
    again.set(stream!, [expected.again.get(stream!) ?? 0, tcp!.retransmissionsAB + tcp!.retransmissionsBA]);
  }
  return { rows: expected.rows.size, differences, again };
}

async function sweep(part: string, most: number): Promise<void> {
  const captures = allCaptures().filter(({ name, packets }) => name.includes(part) && packets >= 10);
  const sums = { rows: 0, different: 0, theirs: 0, ours: 0 };
  for (const { name, path } of captures.slice(0, most)) {
    try {
      const { rows, differences, again } = await compare(path);
      sums.rows += rows;
      sums.different += differences.length;
      for (const d of differences.slice(0, 4)) console.log(name, d.key, '\n  theirs', d.theirs, '\n  ours  ', d.ours);
      for (const [stream, [wanted, found]] of again) {
        sums.theirs += wanted;
        sums.ours += found;
        if (wanted !== found) console.log(`${name} retransmissions in ${stream}: theirs ${wanted}, ours ${found}`);
      }
    } catch (error) {
      console.log(`${name}: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  console.log(JSON.stringify(sums));
}
if (import.meta.url.endsWith('/scripts/test/oracle/conversations.js'))
  await sweep(process.argv[2] ?? '', Number(process.argv[3] ?? 60));
