import { read8 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { wlan } from './header.ts';
import { securityRows } from './security.ts';

const HEADER = 2;
/** Element IDs (IEEE 802.11 table 9-92). */
export const ELEMENT = {
  ssid: 0,
  rates: 1,
  channel: 3,
  contentionFree: 4,
  trafficMap: 5,
  country: 7,
  challenge: 16,
  security: 48,
  extendedRates: 50,
  vendor: 221,
} as const;

/** The elements of a management frame: number, length, value. */
export function elementRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  for (let at = from; at + HEADER <= end; ) {
    visit(wlan['tag.number'], at, at + 1);
    visit(wlan['tag.length'], at + 1, at + HEADER);
    const next = at + HEADER + read8(bytes, at + 1);
    if (next > end) return;
    if (next > at + HEADER) valueRows(bytes, read8(bytes, at), at + HEADER, next, visit);
    at = next;
  }
}
function valueRows(bytes: Uint8Array, type: number, at: number, end: number, visit: Visit): void {
  const size = end - at;
  if (type === ELEMENT.ssid) visit(wlan.ssid, at, end);
  else if (type === ELEMENT.rates || type === ELEMENT.extendedRates)
    for (let rate = at; rate < end; rate++) visit(wlan.supported_rates, rate, rate + 1);
  else if (type === ELEMENT.channel && size === 1) visit(wlan['ds.current_channel'], at, end);
  else if (type === ELEMENT.trafficMap && size >= 2) {
    visit(wlan['tim.dtim_count'], at, at + 1);
    visit(wlan['tim.dtim_period'], at + 1, at + 2);
    if (size > 2) visit(wlan['tag.data'], at + 2, end);
  } else if (type === ELEMENT.country && size >= 2) {
    visit(wlan['country_info.code'], at, at + 2);
    if (size > 2) visit(wlan['tag.data'], at + 2, end);
  } else if (type === ELEMENT.security) securityRows(bytes, at, end, visit);
  else if (type === ELEMENT.vendor && size >= 3) {
    visit(wlan['tag.oui'], at, at + 3);
    if (size > 3) visit(wlan['tag.data'], at + 3, end);
  } else visit(wlan['tag.data'], at, end);
}
