import { STROKES } from '../../ui/model/canvas.ts';
import type { Size } from '../../ui/model/pane.ts';
import type { Mouse, Picture, Terminal, TerminalEvents } from '../../ui/model/terminal.ts';

/** A terminal of a given size that remembers the last picture, and is typed into by tests. */
export class FakeTerminal implements Terminal {
  readonly strokes;
  picture: Picture | undefined;
  copied: string | undefined;
  closed = 0;
  suspended = 0;
  private events: TerminalEvents | undefined;

  constructor(
    public size: Size,
    readonly unicode = true,
  ) {
    this.strokes = STROKES[unicode ? 'unicode' : 'ascii'];
  }
  listen(events: TerminalEvents): void {
    this.events = events;
  }
  draw(picture: Picture): void {
    this.picture = picture;
  }
  forget(): void {}
  copy(text: string): void {
    this.copied = text;
  }
  suspend(): void {
    this.suspended++;
  }
  close(): void {
    this.closed++;
  }
  /** Keys by their names; `type:text` types letters. */
  keys(...names: string[]): void {
    for (const name of names) {
      if (name.startsWith('type:')) for (const letter of name.slice(5)) this.events!.key(letter, letter);
      else this.events!.key(name, name.length === 1 ? name : undefined);
    }
  }
  mouse(event: Mouse): void {
    this.events!.mouse(event);
  }
  resize(size: Size): void {
    this.size = size;
    this.events!.resize();
  }
  get text(): string {
    return this.picture!.canvas.toString();
  }
}
