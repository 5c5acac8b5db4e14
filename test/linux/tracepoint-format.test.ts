import { describe, expect, test } from 'vitest';
import { onlineCpus } from '../../src/linux/perf-event.ts';
import { addressAt, numberAt, parseTracepointFormat, textAt } from '../../src/linux/tracepoint-format.ts';

const FORMAT = `name: packet_gone
ID: 77
format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;

	field:const void * skbaddr;	offset:8;	size:8;	signed:0;
	field:__data_loc char[] name;	offset:16;	size:4;	signed:0;
	field:u16 protocol;	offset:20;	size:2;	signed:0;
	field:enum why reason;	offset:24;	size:4;	signed:0;
	field:char task[16];	offset:28;	size:16;	signed:0;

print fmt: "%p %s %s", REC->skbaddr, __get_str(name), __print_symbolic(REC->reason, { 2, "LATE" }, { 0x10, "TOO_WIDE" }), REC->protocol
`;
function record(): DataView {
  const view = new DataView(new ArrayBuffer(64));
  view.setUint16(0, 77, true);
  view.setBigUint64(8, 0xffff_8881_2345_6700n, true);
  view.setUint32(16, (5 << 16) | 44, true);
  view.setUint16(20, 0x0800, true);
  view.setUint32(24, 16, true);
  new Uint8Array(view.buffer).set(Buffer.from('eth0\0left over'), 44);
  return view;
}
describe('the format of a tracepoint', () => {
  const format = parseTracepointFormat(FORMAT)!;
  const field = (name: string) => format.fields.get(name);

  test('its number, fields of all shapes, and the names of their values', () => {
    expect(format.id).toBe(77);
    expect([...format.fields.keys()]).toEqual(['common_type', 'skbaddr', 'name', 'protocol', 'reason', 'task']);
    expect(field('task')).toEqual({ offset: 28, size: 16 });
    expect([...format.symbols.get('reason')!]).toEqual([
      [2, 'LATE'],
      [16, 'TOO_WIDE'],
    ]);
  });
  test('records are read by it', () => {
    expect(addressAt(record(), field('skbaddr'))).toBe(0xffff_8881_2345_6700n);
    expect(textAt(record(), field('name'))).toBe('eth0');
    expect(numberAt(record(), field('protocol'))).toBe(0x0800);
    expect(numberAt(record(), field('reason'))).toBe(16);
  });
  test('what a record does not have is not made up', () => {
    const short = new DataView(record().buffer, 0, 26);
    expect(numberAt(short, field('reason'))).toBeUndefined();
    expect(textAt(short, field('name'))).toBeUndefined();
    expect(addressAt(short, field('rx_sk'))).toBeUndefined();
    expect(addressAt(short, field('protocol'))).toBeUndefined();
    expect(parseTracepointFormat('')).toBeUndefined();
  });
});
test('the CPUs that are there', () => {
  expect(onlineCpus('0-2,5\n')).toEqual([0, 1, 2, 5]);
  expect(onlineCpus('0\n')).toEqual([0]);
});
