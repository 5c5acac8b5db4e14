import { expect, it } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Text } from '../../src/bytes/text.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { type Computed, NONE } from '../../src/dissect/protocol.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { columns, type FrameBatch, type PacketOptions } from '../../src/frame/batch.ts';

const registry = new Registry(protocols);
/** An Ethernet frame of a type that nobody reads. */
const PACKET = Uint8Array.from([...new Array(12).fill(1), 0x88, 0xb5, 1, 2, 3]);
const OPTIONS: PacketOptions = {
  comments: ['one', 'two'],
  packetId: 2n ** 63n,
  verdicts: [{ kind: 2, bytes: Uint8Array.of(0, 1) }],
  dropCount: 7n,
};
function batch(seconds: number, nanos: number): FrameBatch {
  const made = columns(1);
  made.captured[0] = PACKET.length;
  made.wire[0] = PACKET.length;
  made.seconds[0] = seconds;
  made.nanos[0] = nanos;
  return { ...made, bytes: PACKET, count: 1, envelope: undefined, options: () => OPTIONS, release() {} };
}
function loaded(frame: Frame, number: number, seconds: number, nanos: number): Frame {
  frame.load(batch(seconds, nanos), 0);
  frame.number = number;
  frame.dissect(registry.linkLayer(1));
  return frame;
}
const computed = (name: string): Computed => {
  const found = registry.fields.get(name)?.find(({ protocol }) => protocol === NONE)?.field;
  if (found === undefined || !('value' in found)) throw new Error(name);
  return found;
};
function written(frame: Frame, name: string): string {
  const w = new Text();
  computed(name).write!(w, frame, 0);
  return w.toString();
}

it('times are exact to the nanosecond, and may go backwards', () => {
  const frame = loaded(new Frame(registry), 1, 1_700_000_000, 999_999_999);
  expect(computed('frame.time_epoch').value(frame, 0)).toBe(1_700_000_000_999_999_999n);
  expect(written(frame, 'frame.time_delta')).toBe('0.000000000');
  frame.passed();
  loaded(frame, 2, 1_700_000_002, 1);
  expect(written(frame, 'frame.time_epoch')).toBe('1700000002.000000001');
  expect(written(frame, 'frame.time_delta')).toBe('1.000000002');
  frame.passed();
  loaded(frame, 3, 1_700_000_001, 500_000_001);
  expect(written(frame, 'frame.time_delta')).toBe('-0.500000000');
  expect(computed('frame.time_delta').value(frame, 0)).toBe(-500_000_000n);
  expect(written(frame, 'frame.time_relative')).toBe('0.500000002');
});
it('the chain of layers names the EtherType and what nobody reads', () => {
  const frame = loaded(new Frame(registry), 1, 0, 0);
  expect(computed('frame.protocols').value(frame, 0)).toBe('eth:ethertype:data');
});
it('what a pcapng file says of a packet', () => {
  const frame = loaded(new Frame(registry), 1, 0, 0);
  const value = (name: string) => computed(name).value(frame, 0);
  expect(value('frame.comment')).toEqual(['one', 'two']);
  expect(value('frame.packet_id')).toBe(2n ** 63n);
  expect(value('frame.verdict')).toEqual(['eBPF XDP (0001)']);
  expect(value('frame.drop_count')).toBe(7);
  expect(value('frame.interface_id')).toBeUndefined();
});
