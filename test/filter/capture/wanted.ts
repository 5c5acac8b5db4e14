import { CLASS, JUMP, MODE, type Program } from '../../../src/filter/capture/bpf.ts';
import { matcher } from '../../../src/filter/capture/compile.ts';
import { interpreter, type Matcher } from '../../../src/filter/capture/interpret.ts';
import type { Random } from '../../support/random.ts';
import { fittingPacket, type Packet, randomPacket } from './packets.ts';

/** Bytes that a program compares with constants; of several constants for one place any may come. */
export function wantedBy(program: Program, random: Random): { at: number; size: number; value: number }[] {
  const wanted = new Map<string, { at: number; size: number; value: number }>();
  let loaded: { at: number; size: number; mask: number } | undefined;
  for (const { code, k } of program) {
    const low = code & 7;
    if (low === CLASS.ld && ((code & 0xe0) === MODE.abs || (code & 0xe0) === MODE.ind)) {
      const size = (code & 0x18) === 0 ? 4 : (code & 0x18) === 8 ? 2 : 1;
      // An index is most often the length of an IPv4 header.
      loaded = { at: (code & 0xe0) === MODE.ind ? k + 20 : k, size, mask: 0xffffffff };
    } else if (low === CLASS.alu && (code & 0xf0) === 0x50 && loaded !== undefined) loaded.mask = k;
    else if (low === CLASS.jmp && (code & 0xf0) !== JUMP.always && loaded !== undefined && loaded.at < 2000) {
      const key = `${loaded.at} ${loaded.size}`;
      const filler = random.u32() & ~loaded.mask;
      if (!wanted.has(key) || random.chance(0.5)) wanted.set(key, { ...loaded, value: (k | filler) >>> 0 });
    } else if (low === CLASS.ld || low === CLASS.alu) loaded = undefined;
  }
  return [...wanted.values()];
}

/** Packets that get somewhere in a program. */
export function packetsFor(program: Program, random: Random, count: number): Packet[] {
  return Array.from({ length: count }, () =>
    random.chance(0.1) ? randomPacket(random) : fittingPacket(random, wantedBy(program, random)),
  );
}

export const run = (match: Matcher, { bytes, start, captured, wire }: Packet): number =>
  match(bytes, start, captured, wire);

/** The first packet about which two programs differ, with what each says. Both ways to run ours must agree too. */
export function disagreement(ours: Program, theirs: Program, packets: readonly Packet[]): string | undefined {
  const [fast, slow, other] = [matcher(ours), interpreter(ours), interpreter(theirs)];
  for (const packet of packets) {
    const [a, b, c] = [run(fast, packet), run(slow, packet), run(other, packet)];
    if (a === b && b === c) continue;
    const bytes = Buffer.from(packet.bytes.subarray(packet.start, packet.start + packet.captured)).toString('hex');
    return `${a} (translated), ${b} (interpreted), ${c} (expected) for ${packet.captured}/${packet.wire} ${bytes}`;
  }
  return undefined;
}
