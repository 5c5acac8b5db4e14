/** A terminal's screen as a picture: text with the codes of ECMA-48's SGR becomes SVG. */

const CELL = { width: 8.4, height: 17 } as const;
const INK = '#d4d4d4';
const PAPER = '#16181d';
const BASIC = ['#000000', '#cd3131', '#0dbc79', '#e5e510', '#2472c8', '#bc3fbc', '#11a8cd', '#e5e5e5'];
const BRIGHT = ['#666666', '#f14c4c', '#23d18b', '#f5f543', '#3b8eea', '#d670d6', '#29b8db', '#ffffff'];
const LEVELS = [0, 95, 135, 175, 215, 255];

/** A number of the 256-colour palette. */
function colour(n: number): string {
  if (n < 8) return BASIC[n]!;
  if (n < 16) return BRIGHT[n - 8]!;
  if (n >= 232) return rgb(8 + (n - 232) * 10, 8 + (n - 232) * 10, 8 + (n - 232) * 10);
  const cube = n - 16;
  return rgb(LEVELS[Math.floor(cube / 36)]!, LEVELS[Math.floor(cube / 6) % 6]!, LEVELS[cube % 6]!);
}
const rgb = (...levels: number[]): string => `#${levels.map((each) => each.toString(16).padStart(2, '0')).join('')}`;

interface Look {
  ink: string | undefined;
  paper: string | undefined;
  bold: boolean;
  inverse: boolean;
}
const PLAIN: Look = { ink: undefined, paper: undefined, bold: false, inverse: false };

/** `title` is what the picture is called for those who do not see it. */
export function svgOf(screen: string, title: string): string {
  const lines = screen.replace(/\n+$/, '').split('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what this is about
  const columns = Math.max(...lines.map((line) => [...line.replace(/\x1b\[[\d;]*m/g, '')].length));
  const [width, height] = [Math.ceil(columns * CELL.width + 16), lines.length * CELL.height + 16];
  // What a line ends with, the next one begins with.
  const look = { ...PLAIN };
  const rows = lines.map((line, row) => rowOf(line, row, look)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="6" fill="${PAPER}"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
${rows}
</g>
</svg>
`;
}
function rowOf(line: string, row: number, look: Look): string {
  const top = 8 + row * CELL.height;
  let column = 0;
  const papers: string[] = [];
  const texts: string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what this is about
  for (const [, codes, text] of line.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
    if (codes !== undefined) apply(look, codes);
    else {
      const length = [...text!].length;
      const left = 8 + column * CELL.width;
      const size = length * CELL.width;
      const ink = look.inverse ? (look.paper ?? PAPER) : (look.ink ?? INK);
      const paper = look.inverse ? (look.ink ?? INK) : look.paper;
      const box = `x="${left.toFixed(1)}" y="${top}" width="${size.toFixed(1)}" height="${CELL.height}"`;
      if (paper !== undefined) papers.push(`<rect ${box} fill="${paper}"/>`);
      const weight = look.bold ? ' font-weight="bold"' : '';
      const place = `x="${left.toFixed(1)}" y="${top + 13}" textLength="${size.toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
      if (text!.trim() !== '') texts.push(`<text ${place} fill="${ink}"${weight}>${escaped(text!)}</text>`);
      column += length;
    }
  }
  return [...papers, ...texts].join('');
}
function apply(look: Look, codes: string): void {
  const numbers = (codes === '' ? '0' : codes).split(';').map(Number);
  for (let i = 0; i < numbers.length; i++) {
    const n = numbers[i]!;
    if (n === 0) Object.assign(look, PLAIN);
    else if (n === 1) look.bold = true;
    else if (n === 22) look.bold = false;
    else if (n === 7) look.inverse = true;
    else if (n === 27) look.inverse = false;
    else if (n === 39) look.ink = undefined;
    else if (n === 49) look.paper = undefined;
    else if ((n === 38 || n === 48) && numbers[i + 1] === 5) {
      look[n === 38 ? 'ink' : 'paper'] = colour(numbers[i + 2]!);
      i += 2;
    } else if (n >= 30 && n < 38) look.ink = colour(n - 30);
    else if (n >= 40 && n < 48) look.paper = colour(n - 40);
    else if (n >= 90 && n < 98) look.ink = colour(n - 82);
  }
}
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
