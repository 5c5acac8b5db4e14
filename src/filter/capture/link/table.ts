import { COOKED_LINKS } from './cooked.ts';
import { ETHERNETS } from './ethernet.ts';
import { IP_LINKS } from './ip.ts';
import type { LinkLayer } from './layer.ts';
import { LLC_LINKS } from './llc.ts';
import { OTHER_LINKS } from './other.ts';
import { PPP_LINKS } from './ppp.ts';
import { WLAN_LINKS } from './wlan.ts';

export const LINK_LAYERS: readonly LinkLayer[] = [
  ...ETHERNETS,
  ...IP_LINKS,
  ...PPP_LINKS,
  ...COOKED_LINKS,
  ...WLAN_LINKS,
  ...LLC_LINKS,
  ...OTHER_LINKS,
];

const BY_NUMBER = new Map(LINK_LAYERS.flatMap((link) => link.types.map((type) => [type, link] as const)));

/** What is known of a link type; of an unknown one only that its packets are bytes. */
export function linkLayer(type: number): LinkLayer {
  return (
    BY_NUMBER.get(type) ?? {
      name: `${type}`,
      types: [type],
      title: `link type ${type}`,
      payload: 0,
      network: 0,
      networkNoSnap: 0,
    }
  );
}
