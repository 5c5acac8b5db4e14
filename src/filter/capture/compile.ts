import { assemble, type Layout, TooLong } from './assemble.ts';
import { type Block, lower } from './blocks.ts';
import { type Program, SCRATCH_WORDS } from './bpf.ts';
import { all, any, type Condition, not, Tests } from './condition.ts';
import { Context, type Target } from './context.ts';
import { FilterError } from './error.ts';
import { Expressions } from './expression.ts';
import { generate } from './generate/filter.ts';
import { interpreter, type Matcher } from './interpret.ts';
import { tagPresent, type View, viewsOf } from './kernel-view.ts';
import { linkLayer } from './link/table.ts';
import { hostsFile } from './names.ts';
import { optimise } from './optimise.ts';
import { parse } from './parse.ts';
import { looksCompiled, readProgram } from './read-program.ts';
import { TooComplex } from './select.ts';
import { translate } from './translate.ts';

export interface CaptureFilterOptions {
  /** The link type of the packets, as files number it. */
  readonly linkType: number;
  /** What a match returns: how many bytes of the packet are wanted. */
  readonly snaplen?: number;
  /** For `ip broadcast`. */
  readonly netmask?: number | undefined;
  /** Where the program runs: over packets as files have them, or in the kernel on a live socket. */
  readonly target?: Target;
  /** False keeps the program as it was generated: `-O`. */
  readonly optimise?: boolean;
  /** The addresses of a host's name; /etc/hosts if absent. */
  readonly hosts?: (name: string) => readonly string[];
}

export interface CaptureFilter {
  readonly program: Program;
  /** How many bytes of the packet are wanted; 0: it does not match. */
  readonly matches: Matcher;
}

/** As many bytes as a packet may have: what tcpdump asks for. */
const WHOLE_PACKET = 262_144;

/** A filter in tcpdump's language, or a program as `tcpdump -ddd` writes it. Throws a {@link FilterError}. */
export function compileCaptureFilter(text: string, options: CaptureFilterOptions): CaptureFilter {
  const program = looksCompiled(text) ? readProgram(text) : compile(text, options);
  return { program, matches: matcher(program) };
}

/** The fastest way to run a program here. */
export function matcher(program: Program): Matcher {
  return translate(program) ?? interpreter(program);
}

/** A filter as a program of classic BPF. */
export function compile(text: string, options: CaptureFilterOptions): Program {
  try {
    return finish(conditionOf(text, options), options, text);
  } catch (error) {
    if (error instanceof TooLong) throw new FilterError('the filter is too long: its program does not fit', text, 0);
    if (error instanceof TooComplex)
      throw new FilterError('an expression needs more scratch memory than there is', text, 0);
    throw error;
  }
}

/** What a filter asks, and what its program will be made with. */
interface Whole {
  readonly condition: Condition;
  readonly of: Expressions;
  readonly registers: number;
  readonly target: Target;
}

function conditionOf(text: string, options: CaptureFilterOptions): Whole {
  const target = options.target ?? 'file';
  const link = linkLayer(options.linkType);
  const of = new Expressions();
  const tree = parse(text);
  const context = (view: View | undefined): Context =>
    new Context(text, link, target, options.netmask, options.hosts ?? hostsFile, view, of);
  const views = target === 'kernel' ? viewsOf(link) : [undefined];
  let registers = 0;
  const conditions = views.map((view) => {
    const each = context(view);
    const condition = generate(each, tree);
    registers = Math.max(registers, each.registers);
    return condition;
  });
  const [plain, tagged] = conditions as [Condition, Condition?];
  if (tagged === undefined) return { condition: plain, of, registers, target };
  const present = new Tests(of).equals(tagPresent(of), 1);
  return { condition: any(all(present, tagged), all(not(present), plain)), of, registers, target };
}

function finish(whole: Whole, options: CaptureFilterOptions, text: string): Program {
  const accept: Block = { kind: 'return', value: options.snaplen ?? WHOLE_PACKET };
  const reject: Block = { kind: 'return', value: 0 };
  if (whole.registers > SCRATCH_WORDS) throw new TooComplex();
  const plain = lower(whole.condition, accept, reject);
  const root = options.optimise === false ? plain : optimise(plain);
  if (options.optimise !== false && rejectsAll(root)) throw new FilterError('the filter rejects all packets', text, 0);
  return withZeroes(whole, root).program;
}

/** The program; registers that are read before they are set begin as zero, which the kernel insists on. */
function withZeroes({ of, registers, target }: Whole, root: Block): Layout {
  const layout = assemble(root, of, registers, target);
  let start = root;
  for (const register of layout.unset)
    start = { kind: 'assign', register, value: of.constant(0), kept: true, yes: start };
  return start === root ? layout : assemble(start, of, registers, target);
}

function rejectsAll(root: Block): boolean {
  return root.kind === 'return' && root.value === 0;
}
