import type { Traffic } from '../linux/rtnetlink/counters.ts';
import type { Topology } from './topology.ts';

/** What passes a device in one direction. */
export interface Rate {
  /** In a second. */
  readonly packets: number;
  /** In a second. */
  readonly bits: number;
  /** Packets that the device dropped, or could not read or send, in a second. */
  readonly lost: number;
}
export interface Rates {
  readonly received: Rate;
  readonly sent: Rate;
}
/** Of each device that was there both times, by its id; `seconds` lay between the two. */
export function ratesBetween(before: Topology, after: Topology, seconds: number): Map<string, Rates> {
  const known = new Map(before.devices.map((device) => [device.id, device]));
  const rates = new Map<string, Rates>();
  for (const { id, name, counters } of after.devices) {
    const earlier = known.get(id);
    // A number of a device that is gone may come to mean another one.
    if (earlier === undefined || earlier.name !== name) continue;
    const rate = (was: Traffic, is: Traffic): Rate => ({
      packets: Math.max(0, is.packets - was.packets) / seconds,
      bits: (Math.max(0, is.bytes - was.bytes) * 8) / seconds,
      lost: Math.max(0, is.dropped + is.errors - was.dropped - was.errors) / seconds,
    });
    rates.set(id, {
      received: rate(earlier.counters.received, counters.received),
      sent: rate(earlier.counters.sent, counters.sent),
    });
  }
  return rates;
}
