import { ToolError } from '../error.ts';
import { BLOCK, BYTE_ORDER_MAGIC } from './blocks.ts';
import type { Decoder } from './decoder.ts';
import { FILE_HEADER, MAGIC, PcapDecoder } from './pcap.ts';
import { PcapngDecoder } from './pcapng.ts';
import { inputName, quoted } from './shell.ts';
import { SNOOP_HEADER, SnoopDecoder } from './snoop.ts';

/** A file's format as its first bytes tell, and how many of them its header takes. */
export interface Detected {
  readonly decoder: Decoder;
  readonly header: number;
}
/** How many bytes it takes to tell. */
export const TELLING = FILE_HEADER;

/** What a capture file may be compressed with, by its first bytes. A zstd file may begin with any of 16 skippable frames. */
const COMPRESSIONS = [
  { compression: 'gzip', begins: [0x1f, 0x8b] },
  { compression: 'zstd', begins: [0x28, 0xb5, 0x2f, 0xfd] },
  { compression: 'lz4', begins: [0x04, 0x22, 0x4d, 0x18] },
  ...Array.from({ length: 16 }, (_, i) => ({ compression: 'zstd' as const, begins: [0x50 + i, 0x2a, 0x4d, 0x18] })),
] as const;
export type Compression = (typeof COMPRESSIONS)[number]['compression'];

/** What is no capture file that can be read here, but known: its first bytes, its name, and what makes it readable. */
const OTHERS: readonly { readonly begins: readonly number[]; readonly name: string; readonly remedy: string }[] = [
  { begins: [0x02, 0x21, 0x4c, 0x18], name: 'compressed with lz4 of old', remedy: 'lz4 -dc FILE | hooktap read -' },
  { begins: ascii('BZh'), name: 'compressed with bzip2', remedy: 'bzip2 -dc FILE | hooktap read -' },
  { begins: [0xfd, ...ascii('7zXZ')], name: 'compressed with xz', remedy: 'xz -dc FILE | hooktap read -' },
  { begins: ascii('PK\x03\x04'), name: 'a zip archive', remedy: 'unzip -p FILE | hooktap read -' },
  { begins: ascii('btsnoop\0'), name: 'a btsnoop capture', remedy: 'editcap -F pcapng FILE - | hooktap read -' },
  { begins: ascii('iptrace '), name: 'an AIX iptrace', remedy: 'editcap -F pcapng FILE - | hooktap read -' },
  { begins: ascii('GMBU'), name: 'a Network Monitor capture', remedy: 'editcap -F pcapng FILE - | hooktap read -' },
  { begins: ascii('RTSS'), name: 'a Network Monitor capture', remedy: 'editcap -F pcapng FILE - | hooktap read -' },
  { begins: ascii('TRSNIFF data'), name: 'a Sniffer capture', remedy: 'editcap -F pcapng FILE - | hooktap read -' },
];

/** What the bytes before `to`, which begin a file, are compressed with. */
export function compressionOf(view: DataView, to: number): Compression | undefined {
  return COMPRESSIONS.find(({ begins }) => beginWith(view, to, begins))?.compression;
}
const SNOOP = ascii('snoop\0\0\0');

/** Says what the file of that name is; throws for what cannot be read. Fewer than {@link TELLING} bytes are all there are. */
export function detect(path: string, view: DataView, to: number): Detected {
  const name = inputName(path);
  if (to === 0)
    throw new ToolError('empty-file', `${name} is empty`, 'capture again: even without packets a file has a header');
  if (isPcapng(view, to)) return { decoder: new PcapngDecoder(), header: 0 };
  const snoop = beginWith(view, to, SNOOP);
  if (!snoop && !isPcap(view, to)) throw unknown(path, view, to);
  const header = snoop ? SNOOP_HEADER : FILE_HEADER;
  if (to >= header) return { decoder: snoop ? new SnoopDecoder(view) : new PcapDecoder(view), header };
  throw new ToolError(
    'damaged-file',
    `${name} is cut short: its header begins at byte 0 and takes ${header} bytes, of which ${to} are there`,
    'copy the file again',
  );
}
function isPcap(view: DataView, to: number): boolean {
  if (to < 4) return false;
  const known: number[] = Object.values(MAGIC);
  return known.includes(view.getUint32(0)) || known.includes(view.getUint32(0, true));
}
/** The type alone could be four line ends of a text. */
function isPcapng(view: DataView, to: number): boolean {
  if (to < 4 || view.getUint32(0) !== BLOCK.section) return false;
  return to < 12 || view.getUint32(8) === BYTE_ORDER_MAGIC || view.getUint32(8, true) === BYTE_ORDER_MAGIC;
}
function unknown(path: string, view: DataView, to: number): ToolError {
  const name = inputName(path);
  const other = OTHERS.find(({ begins }) => beginWith(view, to, begins));
  if (other === undefined)
    return new ToolError('unknown-format', `${name} is no capture file that is known here`, `file ${quoted(path)}`);
  return new ToolError(
    'unknown-format',
    `${name} is ${other.name}`,
    other.remedy.replace('FILE', () => quoted(path)),
  );
}
function beginWith(view: DataView, to: number, bytes: readonly number[]): boolean {
  return bytes.length <= to && bytes.every((byte, i) => view.getUint8(i) === byte);
}
function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}
