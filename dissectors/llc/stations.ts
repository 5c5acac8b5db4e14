import { read16le } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { eth } from '../eth/header.ts';
import { endsOf } from '../wlan/header.ts';

/** Where the addresses of the two stations are that the logical link at depth `d` joins; nothing where there are none. */
export function stationsBelow(frame: Frame, d: number): readonly [source: number, destination: number] | undefined {
  const { protocols } = frame.registry;
  const nameAt = (depth: number): string => protocols[frame.layer[depth]!]!.name;
  let base = d - 1;
  while (base > 0 && /^(vlan|ieee8021ad)$/.test(nameAt(base))) base--;
  if (base < 0) return undefined;
  const at = frame.from[base]!;
  if (nameAt(base) === eth.$name) return [at + eth.src.distance, at + eth.dst.distance];
  if (nameAt(base) !== 'wlan') return undefined;
  const [source, destination] = endsOf(read16le(frame.bytes, at));
  return [at + source, at + destination];
}
