/** What begins a new file. */
export type Turn = 'first' | 'size' | 'time' | 'asked';

export interface NextFile {
  readonly path: string;
  /** May a file of that name be replaced? One that this series wrote before, once round. */
  readonly replace: boolean;
}
/** How the files of a series are called, one after the other; `seconds` since 1970 is when a file begins. */
export interface FileNames {
  next(turn: Turn, seconds: number): NextFile;
  /** The names are the path with numbers behind it, known beforehand. */
  readonly numbered?: boolean;
  /** The file that there is one too many of. */
  outlived?(path: string): string | undefined;
}
/** strftime(3). */
export type TimePattern = (pattern: string, seconds: number) => string;

/** One file, and what its name becomes with `-C`, `-G` and `-W`, as tcpdump has it. */
export class TcpdumpNames implements FileNames {
  readonly numbered: boolean;
  private count = 0;
  private round = 0;

  constructor(
    private readonly path: string,
    private readonly options: {
      /** `-C` was given. */
      readonly numbered: boolean;
      /** `-G` was given: the path is a pattern. */
      readonly pattern?: TimePattern | undefined;
      /** `-W`. */
      readonly files?: number | undefined;
      readonly force: boolean;
    },
  ) {
    this.numbered = options.numbered && options.pattern === undefined;
  }
  next(turn: Turn, seconds: number): NextFile {
    const { files, force, numbered } = this.options;
    if (turn === 'size') this.goOn();
    else if (turn === 'time') {
      this.count = 0;
      this.round = 0;
    } else if (turn === 'asked' && numbered) this.goOn();
    const replace = turn === 'asked' ? this.round > 0 : force || (files !== undefined && this.round > 0);
    return { path: this.name(seconds), replace };
  }
  private goOn(): void {
    this.count++;
    if (this.options.files === undefined || this.count < this.options.files) return;
    this.count = 0;
    this.round++;
  }
  private name(seconds: number): string {
    const { numbered, pattern, files } = this.options;
    const name = pattern === undefined ? this.path : pattern(this.path, seconds);
    if (!numbered) return name;
    // As many digits as the last number has.
    const digits = files === undefined || files < 2 ? 0 : String(files - 1).length;
    return this.count === 0 && digits === 0 ? name : name + String(this.count).padStart(digits, '0');
  }
}

/** dumpcap counts its files so far, then from zero again. */
const NUMBERS = 100_000;
/** `trace_00001_20260102030405.pcapng`, as dumpcap numbers the files of its ring. */
export class DumpcapNames implements FileNames {
  private count = 0;
  private readonly written: string[] = [];
  private readonly stem: string;
  private readonly suffix: string;

  constructor(
    path: string,
    private readonly time: TimePattern,
    /** How many are kept; all of them unless given. */
    private readonly kept: number | undefined,
    private readonly force: boolean,
  ) {
    const dot = path.lastIndexOf('.');
    const at = dot > path.lastIndexOf('/') ? dot : path.length;
    this.stem = path.slice(0, at);
    this.suffix = path.slice(at);
  }
  next(_turn: Turn, seconds: number): NextFile {
    this.count = (this.count + 1) % NUMBERS;
    const number = String(this.count).padStart(5, '0');
    return {
      path: `${this.stem}_${number}_${this.time('%Y%m%d%H%M%S', seconds)}${this.suffix}`,
      replace: this.force,
    };
  }
  outlived(path: string): string | undefined {
    this.written.push(path);
    return this.kept !== undefined && this.written.length > this.kept ? this.written.shift() : undefined;
  }
}
