/** What to ask for in place of names that Wireshark has for its own columns and findings, in small letters. */
const INSTEAD: Readonly<Record<string, string>> = {
  '_ws.col.no.': 'frame.number',
  '_ws.col.number': 'frame.number',
  '_ws.col.time': 'frame.time_relative',
  '_ws.col.source': 'ip.src, ipv6.src or eth.src',
  '_ws.col.destination': 'ip.dst, ipv6.dst or eth.dst',
  '_ws.col.protocol': 'frame.protocols, whose last part it is in most packets',
  '_ws.col.length': 'frame.len',
  '_ws.col.info': "a layer's summary, such as -e tcp, or tcpdump's text with -T text",
};
/** The findings of its dissectors: ours find other things, and say so layer by layer. */
const FINDINGS = /^_ws\.(malformed|short|unreassembled|expert)/i;

/** A hint for who types a name of Wireshark's that nothing here stands for. */
export function insteadOf(name: string): string | undefined {
  if (FINDINGS.test(name)) return 'hooktap read FILE -T json, where "marks" of a layer say what is wrong with it';
  return INSTEAD[name.toLowerCase()];
}
