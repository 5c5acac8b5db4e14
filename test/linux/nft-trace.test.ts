import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/linux/netlink.ts';
import { NftTrace } from '../../src/linux/nft-trace.ts';

/** NFNL_SUBSYS_NFTABLES: a rule was met, or the rules have changed. */
const [TRACE, NEW_RULE] = [0x0a11, 0x0a06];
const [CHAIN, TABLE, ID] = [2, 1, 6];

/** A message about a packet, in memory that the next one takes. */
function messagesOf(kind: number, packets: readonly { table: string; id: number }[]) {
  const shared = new Uint8Array(256);
  return function* (): Generator<Message> {
    for (const { table, id } of packets) {
      shared.fill(0);
      const view = new DataView(shared.buffer);
      view.setUint8(0, 2);
      let at = 4;
      const attribute = (type: number, value: Uint8Array) => {
        view.setUint16(at, 4 + value.length, true);
        view.setUint16(at + 2, type, true);
        shared.set(value, at + 4);
        at += (4 + value.length + 3) & ~3;
      };
      attribute(ID, Uint8Array.of(0, 0, id >> 8, id & 0xff));
      attribute(CHAIN, Buffer.from('f\0'));
      attribute(TABLE, Buffer.from(`${table}\0`));
      yield { type: kind, flags: 0, sequence: 0, body: new DataView(shared.buffer, 0, at) };
    }
  };
}
/** The kernel's end: what it has to tell, and whether it had room for all of it. */
class Kernel {
  private said: (() => Generator<Message>)[] = [];
  private complete = true;
  say(kind: number, ...packets: { table: string; id: number }[]): void {
    this.said.push(messagesOf(kind, packets));
  }
  overflow(): void {
    this.complete = false;
  }
  events(each: (message: Message) => void): boolean {
    for (const some of this.said.splice(0)) for (const message of some()) each(message);
    const { complete } = this;
    this.complete = true;
    return complete;
  }
  close(): void {}
}
const ids = (trace: NftTrace): number[] => {
  const found: number[] = [];
  trace.take(({ id }) => found.push(id));
  return found;
};

describe('rules that nftables tells of', () => {
  test('are taken at once, and looked at later', () => {
    const kernel = new Kernel();
    const trace = new NftTrace(kernel, 'own');
    kernel.say(TRACE, { table: 'wall', id: 1 }, { table: 'wall', id: 2 });
    trace.collect();
    kernel.say(TRACE, { table: 'nat', id: 3 });
    expect(ids(trace)).toEqual([1, 2, 3]);
    expect(ids(trace)).toEqual([]);
    expect(trace.gaps).toBe(0);
  });
  test('those of our own table are no news', () => {
    const kernel = new Kernel();
    const trace = new NftTrace(kernel, 'own');
    kernel.say(
      TRACE,
      { table: 'own', id: 1 },
      { table: 'owner', id: 2 },
      { table: 'ow', id: 3 },
      { table: 'own', id: 4 },
    );
    expect(ids(trace)).toEqual([2, 3]);
  });
  test('that they changed is told once, also if that came first', () => {
    const kernel = new Kernel();
    const trace = new NftTrace(kernel, 'own');
    kernel.say(NEW_RULE, { table: 'wall', id: 0 });
    trace.collect();
    kernel.say(TRACE, { table: 'wall', id: 1 });
    expect(trace.take(() => {})).toBe(true);
    expect(trace.take(() => {})).toBe(false);
  });
  test('what is lost is counted: by the kernel, and here', () => {
    const kernel = new Kernel();
    const trace = new NftTrace(kernel, 'own', 100);
    kernel.overflow();
    trace.collect();
    expect(trace.gaps).toBe(1);
    kernel.say(TRACE, ...[1, 2, 3, 4, 5, 6, 7, 8].map((id) => ({ table: 'wall', id })));
    trace.collect();
    kernel.say(TRACE, { table: 'wall', id: 9 });
    trace.collect();
    // One gap, however long.
    expect(trace.gaps).toBe(2);
    const kept = ids(trace);
    expect(kept).toEqual([1, 2, 3, 4].slice(0, kept.length));
    kernel.say(TRACE, { table: 'wall', id: 10 });
    expect(ids(trace)).toEqual([10]);
    expect(trace.gaps).toBe(2);
  });
});
