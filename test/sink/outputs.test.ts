import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { FIELDS_DEFAULT, type FieldsOptions, FieldsSink } from '../../src/sink/fields.ts';
import { JsonSink } from '../../src/sink/json.ts';
import { TreeSink } from '../../src/sink/tree.ts';
import { Random } from '../support/random.ts';
import { StackGrower } from '../support/stack.ts';
import { memory, Printed } from './printed.ts';

const registry = new Registry(protocols);
const grower = new StackGrower(registry);
const u16 = (value: number): number[] => [value >> 8, value & 0xff];
function ipv4(protocol: number, payload: readonly number[]): number[] {
  return [0x45, 0, ...u16(20 + payload.length), 0, 0, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, ...payload];
}
const segment = (text: string, port = 80): number[] => {
  const payload = [...Buffer.from(text, 'latin1')];
  return ipv4(6, [...u16(1024), ...u16(port), 0, 0, 0, 9, 0, 0, 0, 1, 0x50, 0x18, 1, 0, 0, 0, 0, 0, ...payload]);
};
const RAW = registry.id('raw');

function fields(names: readonly string[], options: Partial<FieldsOptions> = {}): Printed {
  const { output, text } = memory();
  return new Printed(registry, new FieldsSink(output, names, registry, { ...FIELDS_DEFAULT, ...options }), text);
}
function json(): Printed {
  const { output, text } = memory();
  return new Printed(registry, new JsonSink(output), text);
}
function tree(dumps: boolean): Printed {
  const { output, text } = memory();
  return new Printed(registry, new TreeSink(output, dumps), text);
}
/** No control character but line feeds and tabs, nothing that turns text around. */
const HARMLESS = /^[^\p{Cc}\p{Cf}]*$/u;
const harmless = (text: string): boolean => HARMLESS.test(text.replaceAll(/[\n\t]/g, ''));

describe('fields', () => {
  test('all occurrences, outermost first', async () => {
    const packet = Uint8Array.from(ipv4(4, segment('')));
    expect(await fields(['ip.addr', 'tcp.port', 'udp.port', 'ip.proto']).of(packet, RAW)).toBe(
      '192.0.2.1,192.0.2.2,192.0.2.1,192.0.2.2\t1024,80\t\t4,6\n',
    );
    expect(await fields(['ip.addr'], { occurrence: 'first' }).of(packet, RAW)).toBe('192.0.2.1\n');
    expect(await fields(['ip.addr'], { occurrence: 'last', quote: '"' }).of(packet, RAW)).toBe('"192.0.2.2"\n');
    expect(await fields(['ip.src', 'udp.port'], { separator: ';', aggregator: ' ', quote: "'" }).of(packet, RAW)).toBe(
      "'192.0.2.1 192.0.2.1';\n",
    );
  });
  test('variable fields, and what is worked out', async () => {
    const packet = Uint8Array.from(segment('GET /a HTTP/1.1\r\nHost: a\x1b[31mb\t\r\n\r\n'));
    expect(
      await fields(['http.request.method', 'http.host', 'tcp.len', 'tcp.flags.str', 'tcp.seq']).of(packet, RAW),
    ).toBe('GET\ta\\033[31mb\t35\t·······AP···\t1\n');
  });
  test('a protocol is its layers as text, in the words of tshark', async () => {
    const first = Uint8Array.from(ipv4(4, segment('hello')));
    expect(await fields(['ip', 'tcp', 'udp', 'raw']).of(first, RAW)).toBe(
      'Internet Protocol Version 4, Src: 192.0.2.1, Dst: 192.0.2.2,Internet Protocol Version 4, Src: 192.0.2.1, Dst: 192.0.2.2\t' +
        'Transmission Control Protocol, Src Port: 1024, Dst Port: 80, Seq: 1, Ack: 1, Len: 5\t\traw\n',
    );
    expect(await fields(['ip'], { occurrence: 'last' }).of(first, RAW)).toBe(
      'Internet Protocol Version 4, Src: 192.0.2.1, Dst: 192.0.2.2\n',
    );
    // Cut inside the header of TCP.
    expect(await fields(['tcp', 'http']).of(Uint8Array.from(segment('GET / HTTP/1.1\r\n\r\n')), RAW, 30)).toBe(
      'tcp\t\n',
    );
    expect(await fields(['http']).of(Uint8Array.from(segment('GET / HTTP/1.1\r\n\r\n')), RAW)).toBe('http\n');
  });
  test('which text a summary is, the packet decides', async () => {
    const ask = (flags: number) => [0, 1, flags, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const datagram = (port: number, payload: readonly number[]) =>
      Uint8Array.from(ipv4(17, [...u16(40_000), ...u16(port), ...u16(8 + payload.length), 0, 0, ...payload]));
    const names = ['dns', 'udp', 'frame'];
    const text =
      'User Datagram Protocol, Src Port: 40000, Dst Port: 53\tFrame 1: 40 bytes on wire (320 bits), 40 bytes captured (320 bits)';
    expect(await fields(names).of(datagram(53, ask(1)), RAW)).toBe(`Domain Name System (query)\t${text}\n`);
    expect(await fields(names).of(datagram(53, ask(0x81)), RAW)).toBe(`Domain Name System (response)\t${text}\n`);
    const arp = (opcode: number, sender: number, target: number) =>
      Uint8Array.from([
        ...[0, 1, 8, 0, 6, 4, 0, opcode, 2, 0, 0, 0, 0, 1, 192, 0, 2, sender],
        ...[0, 0, 0, 0, 0, 0, 192, 0, 2, target],
      ]);
    const id = registry.id('arp');
    expect(await fields(['arp']).of(arp(1, 1, 2), id)).toBe('Address Resolution Protocol (request)\n');
    expect(await fields(['arp']).of(arp(1, 1, 1), id)).toBe('Address Resolution Protocol (ARP Announcement)\n');
    expect(await fields(['arp']).of(arp(2, 1, 1), id)).toBe('Address Resolution Protocol (reply/gratuitous ARP)\n');
  });
  test("Wireshark's columns and findings, which nothing here stands for", () => {
    const refusal = (hint: RegExp) =>
      expect.objectContaining({ code: 'unknown-field', hint: expect.stringMatching(hint) });
    expect(() => fields(['_ws.col.No.'])).toThrow(refusal(/^frame\.number$/));
    expect(() => fields(['_ws.col.Info'])).toThrow(refusal(/-T text/));
    expect(() => fields(['_ws.malformed'])).toThrow(refusal(/"marks"/));
  });
  test('a name that nobody has', () => {
    expect(() => fields(['ip.scr'])).toThrow(
      expect.objectContaining({ code: 'unknown-field', hint: expect.stringMatching(/ip\.src/) }),
    );
  });
});

test('a layer without a fixed header that reads all of its bytes leaves none', async () => {
  const packet = Uint8Array.from(segment('GET / HTTP/1.1\r\n\r\n'));
  expect(await fields(['frame.protocols']).of(packet, RAW)).toBe('raw:ip:tcp:http\n');
  expect(await tree(false).of(packet, RAW)).not.toContain('nobody');
});

describe('JSON', () => {
  test('text is what it stands for', async () => {
    const line = await json().of(Uint8Array.from(segment('GET /"\\\u0001\u00c3\u00a9\u00ff HTTP/1.1\r\n\r\n')), RAW);
    const { layers } = JSON.parse(line);
    expect(layers.at(-1)['http.request.uri']).toEqual(['/"\\\u0001é\ufffd']);
    expect(layers[1]).toMatchObject({ protocol: 'ip', 'ip.ttl': 64, 'ip.src': '192.0.2.1' });
  });
  test('of any bytes is JSON, one line, and harmless', async () => {
    const printed = json();
    for (let id = 0; id < protocols.length; id++)
      for (let round = 0; round < 12; round++) {
        const random = new Random(id * 100 + round);
        const packet = round % 3 === 0 ? random.bytes(200) : grower.grow(random, id, 200);
        const line = await printed.of(packet, id, round % 4 === 1 ? random.below(packet.length) : packet.length);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const { frame, layers } = JSON.parse(line);
        expect(frame['frame.number']).toBe(1);
        expect(layers[0].protocol).toBe(protocols[id]!.shownAs ?? protocols[id]!.name);
        expect(harmless(line), `${protocols[id]!.name} ${round}`).toBe(true);
      }
  });
});

describe('trees', () => {
  test('every field with its place', async () => {
    const text = await tree(true).of(Uint8Array.from(segment('x', 9999)), RAW);
    expect(text).toContain('Internet Protocol version 4 [0-20] ip [bad checksum]\n');
    expect(text).toContain('  Protocol: TCP (6) [9-10] ip.proto\n');
    expect(text).toContain('  Bytes that nobody reads: 1 [40-41]\n');
    expect(text).toContain('  0028: 78                                       x                 data\n');
  });
  test('of any bytes are harmless, and show every byte once', async () => {
    const printed = tree(true);
    for (let id = 0; id < protocols.length; id++)
      for (let round = 0; round < 8; round++) {
        const random = new Random(id * 77 + round);
        const packet = round % 3 === 0 ? random.bytes(120) : grower.grow(random, id, 120);
        const text = await printed.of(packet, id);
        expect(harmless(text), `${protocols[id]!.name} ${round}`).toBe(true);
        const shown = [...text.matchAll(/^ {2}[0-9a-f]{4}:((?: [0-9a-f]{2,4})+) {2}/gm)];
        const hex = shown.map((row) => row[1]!.replaceAll(' ', '')).join('');
        expect(hex).toBe(Buffer.from(packet).toString('hex'));
      }
  });
});
