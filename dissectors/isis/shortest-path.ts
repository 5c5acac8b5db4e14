/** Shortest path bridging (IEEE 802.1aq, RFC 6329). */
import type { Line } from '../../src/dissect/line.ts';
import { hex, paddedText, say } from '../say.ts';
import { IN_RECORD } from './value.ts';

const MCID = 4;
const DIGEST = 5;
const BVID = 6;
const INSTANCE = 1;
const SERVICE = 3;
const PORT_RECORDS: Readonly<Record<number, string>> = {
  [MCID]: 'SPB MCID',
  [DIGEST]: 'SPB Digest',
  [BVID]: 'SPB BVID',
};
const RECORDS: Readonly<Record<number, string>> = {
  [INSTANCE]: 'SPB Instance',
  [SERVICE]: 'SPBM Service Identifier and Unicast Address',
};
const MCID_SIZE = 51;
const DIGEST_SIZE = 33;
const INSTANCE_SIZE = 19;
const TREE_SIZE = 8;

export function portCapabilityText(w: Line, at: number, length: number): boolean {
  if (length < 2) return true;
  say(w, IN_RECORD, ' RES: ', w.u16(at) >> 12, ', MTID(s): ', w.u16(at) & 0xfff);
  subRecordsText(w, at + 2, length - 2, `${IN_RECORD} `, PORT_RECORDS, portText);
  return true;
}
export function topologyCapabilityText(w: Line, at: number, length: number): boolean {
  if (length < 2) return true;
  const flags = w.u16(at);
  say(w, IN_RECORD, 'O: ', flags >> 15, ', RES: ', (flags >> 12) & 7, ', MTID(s): ', flags & 0xfff);
  subRecordsText(w, at + 2, length - 2, IN_RECORD, RECORDS, topologyText);
  return true;
}
/** `value` returns what is wrong with it. */
function subRecordsText(
  w: Line,
  from: number,
  length: number,
  indent: string,
  names: Readonly<Record<number, string>>,
  value: (w: Line, type: number, at: number, size: number) => 'short' | 'cut' | undefined,
): void {
  const end = from + length;
  for (let at = from; at + 2 < end && !w.cut; ) {
    const type = w.u8(at);
    const size = w.u8(at + 1);
    at += 2;
    say(w, indent, names[type] ?? 'unknown', ' subTLV #', type, ', length: ', size);
    if (at + size > end) {
      w.str(' (> containing TLV length)');
      return;
    }
    if (!w.has(at, size)) {
      w.trunc();
      return;
    }
    const wrong = value(w, type, at, size);
    if (wrong === 'short') {
      w.str(' (too short)');
      return;
    }
    if (wrong === 'cut') {
      w.trunc();
      return;
    }
    at += size;
  }
}
function portText(w: Line, type: number, at: number, size: number): 'short' | undefined {
  if (type === MCID) {
    if (size < 2 * MCID_SIZE) return 'short';
    configurationText(w, at, 'MCID: ');
    configurationText(w, at + MCID_SIZE, 'AUX-MCID: ');
  } else if (type === DIGEST) {
    if (size < DIGEST_SIZE) return 'short';
    agreementText(w, at);
  } else if (type === BVID) return vlansText(w, at, size);
  return undefined;
}
/** Which VLANs belong to which tree: the identifier of the configuration. */
function configurationText(w: Line, at: number, name: string): void {
  say(w, IN_RECORD, '   ', name, 'ID: ', w.u8(at), ', Name: ');
  paddedText(w, at + 1, 32);
  say(w, '\n\t              Lvl: ', w.u16(at + 33), ', Digest: ');
  for (let i = 0; i < 16; i++) say(w, hex(w.u8(at + 35 + i), 2), ' ');
}
function agreementText(w: Line, at: number): void {
  const flags = w.u8(at);
  say(w, IN_RECORD, '  RES: ', flags >> 5, ' V: ', (flags >> 4) & 1, ' A: ', (flags >> 2) & 3, ' D: ', flags & 3);
  say(w, IN_RECORD, '   Digest: ');
  for (let i = 0; i < 8; i++) say(w, hex(w.u32(at + 1 + 4 * i), 8), i === 3 ? ' \n\t                 ' : ' ');
}
function vlansText(w: Line, from: number, size: number): 'short' | undefined {
  for (let at = from; at < from + size; at += 6) {
    const left = from + size - at;
    if (left < 4) return 'short';
    say(w, IN_RECORD, '     ECT: ', hex(w.u32(at), 8));
    if (left < 6) return 'short';
    const flags = w.u16(at + 4);
    say(w, ' BVID: ', flags >> 4, ', U:', (flags >> 3) & 1, ' M:', (flags >> 2) & 1, ' ');
  }
  return undefined;
}
function topologyText(w: Line, type: number, at: number, size: number): 'short' | 'cut' | undefined {
  if (type === INSTANCE) return size < INSTANCE_SIZE ? 'short' : instanceText(w, at, size);
  if (type !== SERVICE) return undefined;
  if (size < 8) return 'cut';
  say(w, IN_RECORD, '  BMAC: ', hex(w.u32(at), 8), hex(w.u16(at + 4), 4));
  say(w, ', RES: ', w.u16(at + 6) >> 12, ', VID: ', w.u16(at + 6) & 0xfff);
  for (let next = at + 8; next + 4 <= at + size; next += 4) {
    const flags = w.u8(next);
    say(w, IN_RECORD, '  T: ', flags >> 7, ', R: ', (flags >> 6) & 1, ', RES: ', flags & 0x3f);
    say(w, ', ISID: ', w.u24(next + 1));
  }
  return undefined;
}
function instanceText(w: Line, at: number, size: number): 'cut' | undefined {
  say(w, IN_RECORD, '  CIST Root-ID: ', hex(w.u32(at), 8), ' ', hex(w.u32(at + 4), 8));
  say(w, ', Path Cost: ', hex(w.u32(at + 8), 8), ', Prio: ', w.u16(at + 12));
  say(w, IN_RECORD, '  RES: ', w.u16(at + 14) >> 5, ', V: ', (w.u16(at + 14) >> 4) & 1);
  const trees = w.u8(at + 18);
  say(w, ', SPSource-ID: ', w.u32(at + 14) & 0xfffff, ', No of Trees: ', hex(trees));
  for (let i = 0; i < trees; i++) {
    const tree = at + INSTANCE_SIZE + TREE_SIZE * i;
    if (tree + TREE_SIZE > at + size) return 'cut';
    const flags = w.u8(tree);
    say(w, IN_RECORD, '   U:', flags >> 7, ', M:', (flags >> 6) & 1, ', A:', (flags >> 5) & 1, ', RES:', flags & 31);
    say(w, ', ECT: ', hex(w.u32(tree + 1), 8), ', BVID: ', w.u24(tree + 5) >> 12, ', SPVID: ', w.u24(tree + 5) & 0xfff);
  }
  return undefined;
}
