import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { project } from './project.ts';

const HAVE = spawnSync('tmux', ['-V']).status === 0;
/** Why screens cannot be tested; undefined: they can. */
export const whyNoTmux: string | undefined = HAVE ? undefined : 'there is no tmux: apt-get install tmux';

/** A picture that still changes after so many looks is taken as it is. */
const MOST_CHANGES = 25;

/** A terminal that a program runs in, typed into and looked at: a tmux server of its own, which ends with it. */
export class Tmux implements Disposable {
  private readonly socket: string;

  /** `command` is for a shell, in the project's folder. */
  constructor(command: string, columns: number, rows: number, environment: Readonly<Record<string, string>> = {}) {
    this.socket = `hooktap-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const settings = Object.entries({ LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC', ...environment });
    const words = settings.flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const size = ['-x', String(columns), '-y', String(rows)];
    this.run('-f', '/dev/null', '-u', 'new-session', '-d', '-c', project, ...words, ...size, command);
    // The screen stays to be looked at when the program has ended.
    this.run('set-option', '-g', 'remain-on-exit', 'on');
    this.run('set-option', '-g', 'default-terminal', 'xterm-256color');
    this.run('set-option', '-g', 'escape-time', '0');
  }
  private run(...words: string[]): string {
    const { status, stdout, stderr } = spawnSync('tmux', ['-L', this.socket, ...words], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`tmux ${words.join(' ')}: ${stderr}`);
    return stdout;
  }
  /** Keys by tmux's names; `=text` types text. */
  keys(...keys: string[]): void {
    for (const key of keys)
      if (key.startsWith('=')) this.run('send-keys', '-l', key.slice(1));
      else this.run('send-keys', key);
  }
  resize(columns: number, rows: number): void {
    this.run('resize-window', '-x', String(columns), '-y', String(rows));
  }
  /** What is on the screen; with `colours` as a terminal would be told to show it. */
  screen(colours = false): string {
    return this.run('capture-pane', '-p', ...(colours ? ['-e'] : []));
  }
  /** Waits until something is seen, and the picture is whole that shows it; throws what was seen instead. */
  async until(what: RegExp | string, milliseconds = 60_000): Promise<string> {
    const end = performance.now() + milliseconds;
    const shows = (screen: string) => (typeof what === 'string' ? screen.includes(what) : what.test(screen));
    // What is live may change for ever.
    let changes = 0;
    for (let before = ''; ; ) {
      const screen = this.screen();
      if (shows(screen) && (screen === before || ++changes > MOST_CHANGES)) return screen;
      if (performance.now() > end) throw new Error(`waited in vain for ${what}; the screen:\n${screen}`);
      before = screen;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  /** The process that the terminal began with. */
  get pid(): number {
    return Number(this.run('list-panes', '-F', '#{pane_pid}'));
  }
  /** The hooktap that runs in it. */
  get child(): number {
    const found = spawnSync('ps', ['--ppid', String(this.pid), '-o', 'pid=,args='], { encoding: 'utf8' }).stdout;
    const line = found.split('\n').find((each) => each.includes('hooktap'));
    if (line === undefined) throw new Error(`no hooktap runs below ${this.pid}: ${found}`);
    return Number.parseInt(line, 10);
  }
  get isCursorVisible(): boolean {
    return this.run('list-panes', '-F', '#{cursor_flag}').trim() === '1';
  }
  /** Is the program at its end? */
  get ended(): boolean {
    return this.run('list-panes', '-F', '#{pane_dead}').trim() === '1';
  }
  /** Is the screen the one that a program draws on, or the one of the shell? */
  get isAlternate(): boolean {
    return this.run('list-panes', '-F', '#{alternate_on}').trim() === '1';
  }
  [Symbol.dispose](): void {
    spawnSync('tmux', ['-L', this.socket, 'kill-server']);
    // The server leaves its socket behind.
    rmSync(join(process.env.TMUX_TMPDIR ?? '/tmp', `tmux-${process.getuid!()}`, this.socket), { force: true });
  }
}
