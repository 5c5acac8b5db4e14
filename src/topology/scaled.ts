const THOUSAND = 1000;
const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;
/** `1.2 k`: three digits at least, with a prefix of the SI. */
export function scaled(value: number): string {
  const power = value < 1 ? 0 : Math.min(PREFIXES.length - 1, Math.floor(Math.log10(value) / 3));
  const number = value / THOUSAND ** power;
  return `${power === 0 || number >= 100 ? Math.round(number) : number.toFixed(1)} ${PREFIXES[power]}`;
}
