import type { ReadStream } from 'node:tty';
import blessed from 'blessed';
import { STROKES, type Strokes } from '../model/canvas.ts';
import type { Size } from '../model/pane.ts';
import type { Picture, Terminal, TerminalEvents } from '../model/terminal.ts';
import type { Theme } from '../theme.ts';
import { Charts } from './charts.ts';
import { Surface } from './surface.ts';

const ESC = '\x1b';

export interface ScreenOptions {
  /** Where keys come from; the standard input unless given. */
  readonly input?: ReadStream;
  readonly unicode: boolean;
  /** `$TERM`. */
  readonly term: string | undefined;
  readonly mouse: boolean;
}
/** Descriptions of other terminals hold things that the library cannot read; all of them understand this one. */
const describedAs = (term: string | undefined): string => (term === 'linux' ? 'linux' : 'xterm-256color');

/** The dashboard's terminal: a canvas over all of the screen, and the charts, which draw themselves. */
export class Screen implements Terminal {
  readonly strokes: Strokes;
  readonly unicode: boolean;
  private readonly screen: blessed.Widgets.Screen;
  private readonly surface: Surface;
  private readonly charts: Charts;
  private last: { picture: Picture; theme: Theme } | undefined;
  private closed = false;

  constructor(private readonly options: ScreenOptions) {
    this.unicode = options.unicode;
    this.strokes = STROKES[options.unicode ? 'unicode' : 'ascii'];
    this.screen = blessed.screen({
      ...(options.input === undefined ? {} : { input: options.input }),
      smartCSR: true,
      fullUnicode: true,
      forceUnicode: options.unicode,
      terminal: describedAs(options.term),
      title: 'hooktap',
      // Keys are ours, and so is the way out.
      ignoreLocked: [],
      autoPadding: false,
    });
    // What this terminal can do was found out already: lines go out as letters of Unicode, or are ASCII.
    const { tput } = this.screen as unknown as { tput: { unicode: boolean; brokenACS: boolean } };
    tput.unicode = options.unicode;
    tput.brokenACS = true;
    this.surface = new Surface(this.screen);
    this.charts = new Charts(this.screen);
    // The library draws by itself when the terminal's size changes.
    this.screen.on('prerender', () => this.paint());
    this.screen.program.hideCursor();
  }
  get size(): Size {
    return { columns: Number(this.screen.width), rows: Number(this.screen.height) };
  }
  listen(events: TerminalEvents): void {
    const { screen } = this;
    screen.on('keypress', (letter: string | undefined, key: { full: string; ctrl?: boolean; meta?: boolean }) => {
      // The library tells of the enter key twice.
      if (key.full === 'return') return;
      const typed = letter !== undefined && letter >= ' ' && letter !== '\x7f' && !key.ctrl && !key.meta;
      events.key(typed && letter !== ' ' ? letter : key.full, typed ? letter : undefined);
    });
    if (this.options.mouse) {
      screen.program.enableMouse();
      screen.on('mouse', ({ action, x, y }: { action: string; x: number; y: number }) => {
        const what = { mousedown: 'press', wheelup: 'wheel-up', wheeldown: 'wheel-down' }[action];
        if (what !== undefined) events.mouse({ what: what as 'press', column: x, row: y });
      });
    }
    screen.on('resize', () => events.resize());
  }
  draw(picture: Picture, theme: Theme): void {
    if (this.closed) return;
    this.last = { picture, theme };
    const { program } = this.screen;
    const { charts, cursor } = picture;
    this.charts.show(charts, theme, this.surface.cells);
    this.paint();
    this.screen.draw(0, this.surface.cells.length - 1);
    if (cursor === undefined) program.hideCursor();
    else {
      program.move(cursor.column, cursor.row);
      program.showCursor();
    }
  }
  private paint(): void {
    if (this.last === undefined) return;
    const { picture, theme } = this.last;
    this.surface.paint(picture.canvas, theme, picture.charts);
  }
  forget(): void {
    this.screen.alloc();
    this.screen.realloc();
  }
  /** OSC 52, which terminals may refuse; tmux hands it on when it is told to. */
  copy(text: string): void {
    this.screen.program.write(`${ESC}]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`);
  }
  suspend(): void {
    this.screen.program.sigtstp(() => {
      this.forget();
      this.screen.render();
    });
  }
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.screen.program.showCursor();
    this.screen.destroy();
    // Nobody stays for keys that mean nothing any more.
    if (this.options.input !== process.stdin) this.options.input?.destroy();
  }
}
