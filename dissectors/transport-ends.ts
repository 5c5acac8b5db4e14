import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { networkBelow } from './pseudo-header.ts';

/**
 * `192.0.2.1.80 > 192.0.2.2.1024`: the ports of layer `d` behind the addresses of the packet that carries it, also when
 * other headers lie between. The caller knows that the ports were captured.
 */
export function transportEnds(w: Line, frame: Frame, d: number): void {
  const { registry } = frame;
  const network = networkBelow(frame, d);
  const [source, destination] = registry.protocols[frame.layer[d]!]!.ends!;
  const at = frame.from[d]!;
  const addresses = network < 0 ? undefined : registry.protocols[frame.layer[network]!]!.ends;
  for (const [i, port] of [source, destination].entries()) {
    if (i === 1) w.str(' > ');
    const address = addresses?.[i];
    if (address !== undefined) {
      const place = frame.from[network]! + address.distance;
      address.write(w, frame.bytes, place, place + address.size, place);
      w.char(0x2e);
    }
    w.dec(port.read(frame.bytes, at));
  }
}
