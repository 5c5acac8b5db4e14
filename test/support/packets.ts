/**
 * Splits text printed with `-#` into packets: index n is what was printed for packet n, without its number.
 * A packet may have any lines; the next one begins where a line begins with the next number, aligned as tcpdump does.
 * `gaps`: a filter left packets out, so any greater number begins one.
 */
export function splitPackets(text: string, gaps = false): (string | undefined)[] {
  const starts: { number: number; at: number; body: number }[] = [];
  let number = 0;
  for (let at = 0; at < text.length; ) {
    const match = /^( *)(\d+) {2}/.exec(text.slice(at, at + 24));
    if (match !== null && match[1]!.length + match[2]!.length >= 5) {
      const found = Number(match[2]);
      if (found === number + 1 || (gaps && found > number)) {
        number = found;
        starts.push({ number, at, body: at + match[0].length });
      }
    }
    const end = text.indexOf('\n', at);
    at = end < 0 ? text.length : end + 1;
  }
  const packets: (string | undefined)[] = [undefined];
  starts.forEach((start, i) => {
    const end = starts[i + 1]?.at ?? text.length;
    packets[start.number] = text.slice(start.body, end).replace(/\n$/, '');
  });
  return packets;
}
