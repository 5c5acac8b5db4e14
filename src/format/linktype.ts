/** Link types whose packets may be longer than the usual 256 KiB: D-Bus, USB (Linux with padding, USBPcap), EBHSCR. */
const LONG = new Map([
  [231, 128 << 20],
  [220, 128 << 20],
  [249, 128 << 20],
  [279, 8 << 20],
]);

/** No packet of this link type is captured longer; the same bounds as libpcap has. */
export function longest(linkType: number): number {
  return LONG.get(linkType) ?? 262_144;
}
