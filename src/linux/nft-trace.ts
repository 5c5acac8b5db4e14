import { attributes, Netlink, textOf } from './netlink.ts';

/** linux/netlink.h, linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h */
const NETFILTER = 12;
const GROUP = { nftables: 7, trace: 9 } as const;
const NFTABLES = 10;
const MESSAGE_TRACE = 17;
const NFNETLINK_HEADER = 4;
/** A packet may have a dozen messages, of a kilobyte each in the kernel, and we are busy with others for half a second at times. */
const ROOM = 1 << 23;
const TRACE = {
  table: 1,
  chain: 2,
  rule: 3,
  type: 4,
  verdict: 5,
  id: 6,
  link: 7,
  network: 8,
  transport: 9,
  input: 10,
  output: 12,
  protocol: 15,
  policy: 16,
} as const;
const VERDICT = { code: 1, chain: 2 } as const;
const FAMILIES: Readonly<Record<number, string>> = {
  1: 'inet',
  2: 'ip',
  3: 'arp',
  5: 'netdev',
  7: 'bridge',
  10: 'ip6',
};
const KINDS = ['', 'policy', 'return', 'rule'] as const;
const VERDICTS: Readonly<Record<number, string>> = {
  0: 'drop',
  1: 'accept',
  2: 'stolen',
  3: 'queue',
  4: 'repeat',
  5: 'stop',
  [-1]: 'continue',
  [-2]: 'break',
  [-3]: 'jump',
  [-4]: 'goto',
  [-5]: 'return',
};

/** A rule or a policy of nftables met a packet that is traced. */
export interface RuleMet {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly kind: (typeof KINDS)[number];
  readonly handle: number | undefined;
  readonly verdict: string;
  /** Where `jump` and `goto` lead. */
  readonly target: string | undefined;
  /** The same for all messages of a packet, until it is sent on. */
  readonly id: number;
  /** Headers, each as far as they were told. */
  readonly link: Uint8Array;
  readonly network: Uint8Array;
  readonly transport: Uint8Array;
  /** Devices; 0: none. */
  readonly input: number;
  readonly output: number;
}

/** Bytes that may wait to be looked at. */
const MOST_WAITING = 1 << 26;

/**
 * Messages of nftables in the network namespace that it was opened in: packets with `meta nftrace set`, and changed rules. They
 * are taken from the kernel when there are some, as it has little room for them, and looked at when there is time.
 */
export class NftTrace {
  private waiting: DataView[] = [];
  private bytes = 0;
  private changed = false;
  private readonly ignored: Uint8Array;
  /** How often some were lost: nobody knows how many. */
  gaps = 0;

  /** `ignored`: the table whose own rules are no news. */
  constructor(
    private readonly netlink: Pick<Netlink, 'events' | 'close'>,
    ignored: string,
    private readonly most: number = MOST_WAITING,
  ) {
    this.ignored = Buffer.from(`${ignored}\0`);
  }
  static open(ignored = ''): NftTrace {
    return new NftTrace(Netlink.open(NETFILTER, [GROUP.nftables, GROUP.trace], ROOM), ignored);
  }
  /** Takes what the kernel has to tell before it has no more room. */
  collect(): void {
    const { bytes: before } = this;
    let full = false;
    const complete = this.netlink.events(({ type, body }) => {
      if (type >> 8 !== NFTABLES) return;
      if ((type & 0xff) !== MESSAGE_TRACE) this.changed = true;
      else if (this.bytes > this.most) full = true;
      else if (!this.isIgnored(body)) this.keep(body);
    });
    if (!complete || (full && before <= this.most)) this.gaps++;
  }
  /** Messages are only valid until the next one. */
  private keep(body: DataView): void {
    const own = new Uint8Array(body.byteLength);
    own.set(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
    this.waiting.push(new DataView(own.buffer));
    this.bytes += own.length;
  }
  private isIgnored(body: DataView): boolean {
    for (let at = NFNETLINK_HEADER; at + 4 <= body.byteLength; ) {
      const size = body.getUint16(at, true);
      if (size < 4) return false;
      if (body.getUint16(at + 2, true) === TRACE.table) return this.isCalled(body, at + 4, size - 4);
      at += (size + 3) & ~3;
    }
    return false;
  }
  private isCalled(body: DataView, at: number, length: number): boolean {
    if (length !== this.ignored.length || at + length > body.byteLength) return false;
    for (let i = 0; i < length; i++) if (body.getUint8(at + i) !== this.ignored[i]) return false;
    return true;
  }
  /** What was told since; true when rules changed. */
  take(each: (met: RuleMet) => void): boolean {
    this.collect();
    const { waiting, changed } = this;
    [this.waiting, this.bytes, this.changed] = [[], 0, false];
    for (const body of waiting) each(ruleMet(body));
    return changed;
  }
  close(): void {
    this.netlink.close();
  }
}
const NOTHING = new Uint8Array(0);

function ruleMet(body: DataView): RuleMet {
  const values = new Map(attributes(body, NFNETLINK_HEADER));
  const text = (type: number) => textOf(values.get(type) ?? new DataView(new ArrayBuffer(0)));
  const number = (type: number) => values.get(type)?.getUint32(0) ?? 0;
  const bytes = (type: number) => {
    const value = values.get(type);
    return value === undefined ? NOTHING : new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  };
  const verdict = values.get(TRACE.verdict);
  const said = verdict === undefined ? undefined : new Map(attributes(verdict));
  const target = said?.get(VERDICT.chain);
  const code = said?.get(VERDICT.code)?.getInt32(0) ?? values.get(TRACE.policy)?.getInt32(0) ?? -1;
  const handle = values.get(TRACE.rule);
  return {
    family: FAMILIES[body.getUint8(0)] ?? String(body.getUint8(0)),
    table: text(TRACE.table),
    chain: text(TRACE.chain),
    kind: KINDS[number(TRACE.type)] ?? '',
    handle: handle === undefined ? undefined : Number(handle.getBigUint64(0)),
    verdict: VERDICTS[code] ?? String(code),
    target: target === undefined ? undefined : textOf(target),
    id: number(TRACE.id),
    link: bytes(TRACE.link),
    network: bytes(TRACE.network),
    transport: bytes(TRACE.transport),
    input: number(TRACE.input),
    output: number(TRACE.output),
  };
}
