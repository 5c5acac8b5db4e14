import { existsSync } from 'node:fs';
import { speaksUnicode } from '../locale.ts';

/** How it is called here: in a checkout, and installed. */
export const SELF = existsSync('hooktap') ? './hooktap' : 'hooktap';
/** How the demo looks: colours where a terminal takes them, lines that fit it. */
type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
/** ECMA-48, Select Graphic Rendition. */
const CODES: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  cyan: '36',
};
const USUAL_WIDTH = 80;
const WIDEST = 110;

/** What a terminal can show. */
export interface Screen {
  readonly width: number;
  readonly colours: boolean;
  readonly unicode: boolean;
}
export function screenOf(
  { isTTY = false, columns }: { isTTY?: boolean; columns?: number },
  env: NodeJS.ProcessEnv,
): Screen {
  const colours = isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  return {
    width: Math.min(isTTY ? (columns ?? USUAL_WIDTH) : USUAL_WIDTH, WIDEST),
    colours,
    unicode: speaksUnicode(env),
  };
}
const ASCII: Readonly<Record<string, string>> = {
  ...{ '─': '-', '│': '|', '┌': '+', '└': '+', '┐': '+', '┘': '+', '┤': '+' },
  ...{ '→': '>', '⇒': '=>', '…': '...', '✓': 'ok', '✗': 'X' },
};

export class Paint {
  constructor(private readonly screen: Screen) {}

  get width(): number {
    return this.screen.width;
  }
  /** Signs that a terminal without Unicode cannot show are replaced. */
  signs(text: string): string {
    return this.screen.unicode ? text : text.replace(/[─│┌└┐┘┤→⇒…✓✗]/g, (sign) => ASCII[sign]!);
  }
  style(text: string, ...styles: readonly Style[]): string {
    if (!this.screen.colours || styles.length === 0) return text;
    return `\x1b[${styles.map((style) => CODES[style]).join(';')}m${text}\x1b[0m`;
  }
  /** Cuts what does not fit. */
  fit(text: string, used = 0): string {
    const room = this.width - used;
    const end = this.signs('…');
    return text.length <= room ? text : `${text.slice(0, Math.max(0, room - end.length))}${end}`;
  }
  /** Words in lines that fit, beside what is left of them. */
  wrap(text: string, used: number): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(/(?<=\S) (?=\S)/)) {
      if (line !== '' && line.length + 1 + word.length > this.width - used) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  }
}
