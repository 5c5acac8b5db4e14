import type { HookEvent } from './event.ts';
import { type Headers, innermost } from './headers.ts';
import { conversationKey } from './identity.ts';
import type { Copy, Path } from './path.ts';

/** A packet that was cut, and where. */
interface Whole {
  readonly copy: Copy;
  readonly netns: number;
  readonly device: string;
}
/**
 * TCP's data that a device cuts into segments (GSO), or joins to larger packets when they come in (GRO). What comes out are
 * other packets for the kernel: only the flow and the sequence numbers tell what they are made of.
 */
export class Segments {
  private readonly wholes = new Map<string, Whole[]>();
  /** Packets at the place where some are joined, by flow. */
  private readonly arrivals = new Map<string, Copy[]>();

  /** A packet is cut where it is. */
  cut(copy: Copy): void {
    const { step, look } = copy;
    if (step === undefined || innermost(look.headers).tcp === undefined) return;
    append(this.wholes, conversationKey(look.headers, false), { copy, netns: step.netns, device: step.device });
  }
  /** The packet that this is a segment of: it leaves the device where that was cut. */
  wholeOf({ netns, name }: HookEvent, headers: Headers): Copy | undefined {
    if (this.wholes.size === 0) return undefined;
    const wholes = this.wholes.get(conversationKey(headers, false));
    const found = wholes?.find(
      (whole) => whole.netns === netns && whole.device === name && isPart(headers, whole.copy.look.headers),
    );
    return found?.copy;
  }
  /** It may be joined with others. */
  arrive(copy: Copy): void {
    if ((innermost(copy.look.headers).tcp?.data ?? 0) === 0) return;
    append(this.arrivals, conversationKey(copy.look.headers, false), copy);
  }
  /** The packets that this one, which goes on, was joined from; the first one in front. Undefined: it is alone. */
  joined({ netns }: HookEvent, headers: Headers): Copy[] | undefined {
    if (this.arrivals.size === 0) return undefined;
    const key = conversationKey(headers, false);
    const arrived = this.arrivals.get(key);
    if (arrived === undefined) return undefined;
    const parts = arrived.filter(
      (part) => part.ending === undefined && part.netns === netns && isPart(part.look.headers, headers),
    );
    keep(this.arrivals, key, (copy) => !parts.includes(copy));
    return parts.length < 2 ? undefined : parts.sort((a, b) => offsetIn(headers, a) - offsetIn(headers, b));
  }
  release(path: Path): void {
    if (this.wholes.size === 0 && this.arrivals.size === 0) return;
    for (const { look } of path.copies) {
      const key = conversationKey(look.headers, false);
      keep(this.wholes, key, ({ copy }) => copy.path !== path);
      keep(this.arrivals, key, (copy) => copy.path !== path);
    }
  }
}
/** Which bytes of the whole packet's data a part has. */
export function rangeText(part: Headers, whole: Headers): string {
  const [a, b] = [innermost(part).tcp, innermost(whole).tcp];
  if (a === undefined || b === undefined) return '';
  const from = (a.sequence - b.sequence) >>> 0;
  return `bytes ${from + 1} to ${from + a.data} of ${b.data}, sequence ${a.sequence}`;
}
/** Is the one's data a part of the other's? */
function isPart(part: Headers, whole: Headers): boolean {
  const [a, b] = [innermost(part).tcp, innermost(whole).tcp];
  return a !== undefined && b !== undefined && a.data > 0 && ((a.sequence - b.sequence) >>> 0) + a.data <= b.data;
}
function offsetIn(whole: Headers, { look }: Copy): number {
  return (innermost(look.headers).tcp!.sequence - innermost(whole).tcp!.sequence) >>> 0;
}
function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
function keep<T>(map: Map<string, T[]>, key: string, wanted: (value: T) => boolean): void {
  const left = map.get(key)?.filter(wanted);
  if (left === undefined) return;
  if (left.length === 0) map.delete(key);
  else map.set(key, left);
}
