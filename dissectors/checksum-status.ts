import { type Frame, MARK } from '../src/dissect/frame.ts';
import type { Computed } from '../src/dissect/protocol.ts';

/** Wireshark's numbers. */
const BAD = 0;
const GOOD = 1;
const UNVERIFIED = 2;
const ABSENT = 3;
const FOUND = MARK.badChecksum | MARK.goodChecksum | MARK.noChecksum;

/**
 * `udp.checksum.status`: what the protocol's own check finds. What was not
 * captured whole, is a fragment, or left its checksum to a device, is not verified.
 */
export const checksumStatus = (protocol: string, has: Has = always): Computed => ({
  name: `${protocol}.checksum.status`,
  label: 'Checksum, verified',
  type: 'number',
  names: { [BAD]: 'Bad', [GOOD]: 'Good', [UNVERIFIED]: 'Unverified', [ABSENT]: 'Not present' },
  onRequest: true,
  value: (frame, d) => (has(frame, d) ? status(frame, d) : undefined),
  write(w, frame, d) {
    if (has(frame, d)) w.dec(status(frame, d));
  },
});
/** Has the header a place for a checksum? */
type Has = (frame: Frame, d: number) => boolean;
const always: Has = () => true;
function status(frame: Frame, d: number): number {
  if ((frame.marks[d]! & FOUND) === 0) frame.registry.protocols[frame.layer[d]!]!.check?.(frame, d);
  const found = frame.marks[d]! & FOUND;
  if (found === 0) return UNVERIFIED;
  if (found === MARK.noChecksum) return ABSENT;
  return found === MARK.goodChecksum ? GOOD : BAD;
}
