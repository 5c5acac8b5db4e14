import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { counting } from '../../fixtures/build/bytes.ts';
import { client, over4, server } from '../../fixtures/build/hosts.ts';
import { packet } from '../../fixtures/build/layer.ts';
import { type Segment, tcp } from '../../fixtures/build/transport.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { Conversations } from '../../src/flow/conversations.ts';
import type { TcpHealth } from '../../src/flow/tcp-analysis.ts';
import { Timed } from '../support/timed.ts';

const registry = new Registry(protocols);
/** A connection of which packets come in any order: sequence numbers count from 1000 (client) and 5000 (server). */
class Watched {
  readonly seen = new Conversations(registry);
  private readonly packets = new Timed(registry, (frame) => this.seen.see(frame));

  from(who: 'client' | 'server', ms: number, flags: string, seq: number, ack: number, rest: Rest = {}): this {
    const { length = 0, port = 0, ...given } = rest;
    const segment = { flags, seq: this.base[who] + seq, ack: ack === 0 ? 0 : this.base[other(who)] + ack, ...given };
    const [ends, header] =
      who === 'client'
        ? [over4(client, server), tcp(4000, 80, segment)]
        : [over4(server, client), tcp(80, 4000, segment)];
    this.packets.at(ms, packet(...ends, header, counting(length)), { port });
    return this;
  }
  open(): this {
    return this.from('client', 0, 'S', 0, 0).from('server', 30, 'S.', 0, 1).from('client', 40, '.', 1, 1);
  }
  get health(): TcpHealth {
    expect(this.seen.of('tcp').length).toBe(1);
    return this.seen.of('tcp').row(0).tcp!;
  }
  constructor(private readonly base: Readonly<Record<'client' | 'server', number>> = { client: 1000, server: 5000 }) {}
}
type Rest = Segment & { length?: number; port?: number };
const other = (who: 'client' | 'server') => (who === 'client' ? 'server' : 'client');

describe('a handshake', () => {
  test('tells how far away both sides are, from where it was captured', () => {
    const watched = new Watched().from('client', 0, 'S', 0, 0);
    expect(watched.health).toMatchObject({ state: 'syn-seen', serverRttMs: undefined, clientRttMs: undefined });
    watched.from('server', 30.25, 'S.', 0, 1);
    expect(watched.health).toMatchObject({ state: 'syn-ack-seen', serverRttMs: 30.25, clientRttMs: undefined });
    // Not the client's acknowledgment.
    watched.from('server', 35, '.', 1, 1);
    expect(watched.health.state).toBe('syn-ack-seen');
    watched.from('client', 40.5, '.', 1, 1).from('client', 90, '.', 1, 1);
    expect(watched.health).toMatchObject({ state: 'established', serverRttMs: 30.25, clientRttMs: 10.25 });
    expect(watched.health).toMatchObject({ retransmissionsAB: 0, retransmissionsBA: 0, payloadAB: 0 });
  });
  test('that had to be begun again counts from the last try', () => {
    const watched = new Watched().from('client', 0, 'S', 0, 0).from('client', 1000, 'S', 0, 0);
    watched.from('server', 1030, 'S.', 0, 1).from('server', 1040, 'S.', 0, 1).from('client', 1050, '.', 1, 1);
    expect(watched.health).toMatchObject({
      state: 'established',
      serverRttMs: 30,
      clientRttMs: 10,
      retransmissionsAB: 1,
      retransmissionsBA: 1,
    });
  });
  test('of which one side was seen', () => {
    expect(new Watched().from('server', 0, 'S.', 0, 1).from('client', 10, '.', 1, 1).health).toMatchObject({
      state: 'established',
      serverRttMs: undefined,
      clientRttMs: 10,
    });
    expect(new Watched().from('client', 0, 'S', 0, 0).from('client', 10, '.', 1, 1).health.state).toBe('established');
    expect(new Watched().from('server', 0, 'P.', 1, 1, { length: 9 }).health.state).toBe('established');
  });
  test('that is refused', () => {
    expect(new Watched().from('client', 0, 'S', 0, 0).from('server', 1, 'R.', 0, 1).health.state).toBe('reset');
  });
});

describe('the end', () => {
  test('is there when both sides have closed and know it of each other', () => {
    const watched = new Watched().open().from('client', 50, 'F.', 1, 1);
    expect(watched.health.state).toBe('closing');
    watched.from('server', 60, '.', 1, 2).from('server', 70, 'P.', 1, 2, { length: 5 });
    expect(watched.health.state).toBe('closing');
    watched.from('server', 80, 'F.', 6, 2);
    expect(watched.health.state).toBe('closing');
    watched.from('client', 85, '.', 2, 6);
    expect(watched.health.state).toBe('closing');
    watched.from('client', 90, '.', 2, 7);
    expect(watched.health.state).toBe('closed');
    watched.from('server', 95, 'R', 7, 0);
    expect(watched.health.state).toBe('closed');
  });
  test('comes at once with a reset', () => {
    expect(new Watched().open().from('server', 50, 'R.', 1, 1).health.state).toBe('reset');
  });
});

describe('segments', () => {
  const data = { length: 100 };
  test('sent again are counted, each way', () => {
    const watched = new Watched().open().from('client', 50, 'P.', 1, 1, data).from('client', 250, 'P.', 1, 1, data);
    watched.from('server', 260, 'P.', 1, 101, data).from('server', 270, 'P.', 101, 101, data);
    // Part of it new.
    watched.from('server', 400, 'P.', 51, 101, { length: 200 }).from('server', 410, 'P.', 251, 101, data);
    watched.from('server', 500, 'F.', 351, 101).from('server', 700, 'F.', 351, 101);
    expect(watched.health).toMatchObject({
      retransmissionsAB: 1,
      retransmissionsBA: 2,
      outOfOrderAB: 0,
      outOfOrderBA: 0,
      payloadAB: 200,
      payloadBA: 500,
    });
  });
  test('whose numbers begin again at 0 go on', () => {
    const watched = new Watched({ client: 0xffff_ff80 - 0x1_0000_0000, server: 0x7fff_ffe0 }).open();
    for (let i = 0; i < 5; i++) {
      watched.from('client', 50 + i, '.', 1 + 100 * i, 1, data).from('server', 50 + i, '.', 1 + 100 * i, 1, data);
    }
    watched.from('client', 500, '.', 101, 1, data);
    expect(watched.health).toMatchObject({ retransmissionsAB: 1, retransmissionsBA: 0 });
  });
  test('that overtook others are out of order, unless a round trip has passed', () => {
    const watched = new Watched().open();
    watched.from('client', 50, '.', 101, 1, data).from('client', 51, '.', 1, 1, data);
    expect(watched.health).toMatchObject({ outOfOrderAB: 1, retransmissionsAB: 0 });
    // Seen before.
    watched.from('client', 52, '.', 1, 1, data);
    expect(watched.health).toMatchObject({ outOfOrderAB: 1, retransmissionsAB: 1 });
    // Lost before it came here.
    watched.from('client', 60, '.', 301, 1, data).from('client', 101, '.', 201, 1, data);
    expect(watched.health).toMatchObject({ outOfOrderAB: 1, retransmissionsAB: 2 });
    // Several in turn.
    for (const [i, seq] of [501, 701, 601, 401].entries()) watched.from('client', 200 + i, '.', seq, 1, data);
    expect(watched.health).toMatchObject({ outOfOrderAB: 3, retransmissionsAB: 2 });
    watched.from('client', 300, '.', 801, 1, data);
    expect(watched.health).toMatchObject({ outOfOrderAB: 3, retransmissionsAB: 2, outOfOrderBA: 0 });
  });
  test('overtake others also when some never came', () => {
    const watched = new Watched().open();
    for (const [ms, seq] of [
      [50, 101],
      [500, 301],
      [501, 201],
    ] as const)
      watched.from('client', ms, '.', seq, 1, data);
    expect(watched.health).toMatchObject({ outOfOrderAB: 1, retransmissionsAB: 0 });
  });
  test('sent again do not make what follows a gap', () => {
    const watched = new Watched().open();
    for (const seq of [1, 101, 1, 201, 101]) watched.from('client', 50, '.', seq, 1, data);
    expect(watched.health).toMatchObject({ outOfOrderAB: 0, retransmissionsAB: 2 });
  });
  test('without a handshake are judged by 3 ms', () => {
    const watched = new Watched().from('client', 0, '.', 1, 1, data);
    watched.from('client', 1, '.', 201, 1, data).from('client', 3, '.', 101, 1, data);
    watched.from('client', 10, '.', 401, 1, data).from('client', 14, '.', 301, 1, data);
    expect(watched.health).toMatchObject({ outOfOrderAB: 1, retransmissionsAB: 1 });
  });
  test('that ask whether anybody is there are nothing sent again', () => {
    const watched = new Watched().open().from('client', 50, '.', 1, 1, data);
    watched.from('client', 9000, '.', 100, 1, { length: 1 }).from('client', 9500, '.', 100, 1);
    expect(watched.health.retransmissionsAB).toBe(0);
  });
  test('that find no room are counted, and the byte that asks for room is nothing sent again', () => {
    const watched = new Watched().open().from('client', 50, '.', 1, 1, data);
    watched.from('server', 51, '.', 1, 101, { window: 0 }).from('client', 300, '.', 101, 1, { length: 1 });
    watched.from('server', 301, '.', 1, 101, { window: 0 }).from('server', 400, '.', 1, 101);
    watched.from('client', 401, '.', 101, 1, data);
    expect(watched.health).toMatchObject({ zeroWindowsAB: 0, zeroWindowsBA: 2, retransmissionsAB: 0 });
    watched.from('client', 402, '.', 101, 1, data);
    expect(watched.health.retransmissionsAB).toBe(1);
    // A reset has no window.
    watched.from('server', 500, 'R', 1, 0, { window: 0 });
    expect(watched.health.zeroWindowsBA).toBe(2);
  });
  test('that several devices forward count on the first that saw their side', () => {
    const watched = new Watched();
    const both = (who: 'client' | 'server', ms: number, flags: string, seq: number, ack: number, rest: Rest = {}) => {
      const near = who === 'client' ? 0 : 1;
      watched.from(who, ms, flags, seq, ack, { ...rest, port: near });
      watched.from(who, ms + 0.5, flags, seq, ack, { ...rest, port: 1 - near });
    };
    both('client', 0, 'S', 0, 0);
    both('server', 10, 'S.', 0, 1);
    both('client', 20, '.', 1, 1);
    both('client', 30, 'P.', 1, 1, data);
    both('client', 300, 'P.', 1, 1, data);
    expect(watched.health).toMatchObject({
      state: 'established',
      serverRttMs: 10,
      clientRttMs: 10,
      retransmissionsAB: 1,
      retransmissionsBA: 0,
      payloadAB: 200,
    });
    expect(watched.seen.of('tcp').row(0)).toMatchObject({ packetsAB: 8, packetsBA: 2 });
  });
});
