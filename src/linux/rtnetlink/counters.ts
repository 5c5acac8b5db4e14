/** One way through a device. */
export interface Traffic {
  readonly packets: number;
  readonly bytes: number;
  readonly errors: number;
  readonly dropped: number;
}
/** What passed a device since it was made. */
export interface Counters {
  readonly received: Traffic;
  readonly sent: Traffic;
}
/** struct rtnl_link_stats64 (linux/if_link.h): numbers of 64 bits, received and sent by turns. */
const STATISTICS = { packets: 0, bytes: 2, errors: 4, dropped: 6 } as const;
const LEAST = 8 * 8;

/** From IFLA_STATS64; all zero where a device has none. */
export function countersOf(statistics: DataView | undefined): Counters {
  const at = (place: number) =>
    statistics === undefined || statistics.byteLength < LEAST ? 0 : Number(statistics.getBigUint64(place * 8, true));
  const traffic = (sent: 0 | 1): Traffic => ({
    packets: at(STATISTICS.packets + sent),
    bytes: at(STATISTICS.bytes + sent),
    errors: at(STATISTICS.errors + sent),
    dropped: at(STATISTICS.dropped + sent),
  });
  return { received: traffic(0), sent: traffic(1) };
}
