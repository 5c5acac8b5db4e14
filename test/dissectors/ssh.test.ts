import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { counting, join, text, u8, u16, u32, zeros } from '../../fixtures/build/bytes.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { memory, Printed } from '../sink/printed.ts';

const registry = new Registry(protocols);
const NAMES = ['ssh.kex.hassh', 'ssh.kex.hassh_algorithms', 'ssh.kex.hasshserver', 'ssh.kex.hasshserver_algorithms'];
const LISTS = ['kex', 'key', 'enc-out', 'enc-in', 'mac-out', 'mac-in', 'none', 'zlib', '', ''];
/** RFC 4253 section 7.1: what a side can do, in a packet of its own. */
function offer(lists: readonly string[]): Uint8Array {
  const all = lists.map((list) => join(u32(list.length), text(list)));
  const body = join(u8(20), counting(16), ...all, u8(0), u32(0));
  const padding = 4 + ((8 - ((body.length + 9) % 8)) % 8);
  return join(u32(1 + body.length + padding), u8(padding), body, zeros(padding));
}
async function fieldsOf(source: number, destination: number, payload: Uint8Array): Promise<string[]> {
  const { output, text: printed } = memory();
  const sink = new Printed(registry, new FieldsSink(output, NAMES, registry), printed);
  const header = join(u16(source, destination), u32(1, 1), u8(0x50, 0x18), u16(100, 0, 0));
  return (await sink.of(join(header, payload), registry.id('tcp'))).replace('\n', '').split('\t');
}
const md5 = (value: string): string => createHash('md5').update(value).digest('hex');

test('clients and servers are known by what they offer', async () => {
  const [client, server] = ['kex;enc-out;mac-out;none', 'kex;enc-in;mac-in;zlib'];
  expect(await fieldsOf(40_000, 22, offer(LISTS))).toEqual([md5(client), client, '', '']);
  expect(await fieldsOf(22, 40_000, offer(LISTS))).toEqual(['', '', md5(server), server]);
  expect(await fieldsOf(40_000, 22, offer(LISTS.map(() => '')))).toEqual([md5(';;;'), ';;;', '', '']);
});
test('lists that were not captured whole tell nothing', async () => {
  const whole = offer(LISTS);
  expect(await fieldsOf(40_000, 22, whole.subarray(0, 60))).toEqual(['', '', '', '']);
});
