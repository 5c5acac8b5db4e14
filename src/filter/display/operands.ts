import type { Frame } from '../../dissect/frame.ts';
import { insteadOf } from '../../dissect/instead.ts';
import type { Meaning, Registry } from '../../dissect/registry.ts';
import { nearest } from '../nearest.ts';
import { can, canNegate, negative, runArithmetic, scalarArithmetic } from './arithmetic.ts';
import type {
  ArithmeticNode,
  CallNode,
  Constant,
  FieldNode,
  LiteralNode,
  NegativeNode,
  Operand as Node,
  SliceNode,
} from './ast.ts';
import type { Fail } from './error.ts';
import { fieldOperand } from './field.ts';
import { FUNCTIONS } from './functions.ts';
import { eitherOf, NO_FRAME, protocolOperand, WHOLE_FRAME } from './layers.ts';
import { type Typed, typed } from './literal.ts';
import { type Operand, ofRuns, ofScalars } from './operand.ts';
import type { Vocabulary } from './parse.ts';
import { sliceOperand } from './slice.ts';
import { BYTES, CALLED, compatible, isRun, type Type, typeOf } from './types.ts';

export const isConstant = (node: Node): node is Constant =>
  node.kind === 'literal' || node.kind === 'string' || node.kind === 'character';

/** Turns the sides of comparisons into what reads their values, and says what makes no sense. */
export class Operands {
  /** Names of the fields and protocols that were asked for. */
  readonly used = new Set<string>();
  /** Does any of them depend on the packets before? */
  flow = false;

  constructor(
    private readonly registry: Registry,
    readonly fail: Fail,
    private readonly selected: Frame | undefined,
    private readonly words: Vocabulary,
  ) {}
  /** A word where only a name makes sense. */
  unknown({ text, at }: LiteralNode): never {
    return this.fail(
      `"${text.slice(0, 60)}" is neither a field nor a protocol`,
      at,
      this.words.near(text),
      insteadOf(text),
    );
  }

  /** `like`: what it is compared with, which tells what is meant by a value without a field. */
  of(node: Node, like?: Type): Operand {
    switch (node.kind) {
      case 'field':
        return this.field(node);
      case 'slice':
        return this.slice(node, like);
      case 'call':
        return this.call(node, like);
      case 'arithmetic':
        return this.arithmetic(node, like);
      case 'negative':
        return this.negative(node, like);
      default:
        return this.constant(node, like);
    }
  }
  /** A typed value as somebody's other side. */
  value(node: Constant, type: Type): Typed {
    return typed(node, type, this.fail);
  }
  private constant(node: Constant, like: Type | undefined): Operand {
    if (like === undefined) this.fail('a field is expected here, not a value', node.at);
    const { scalar, scalars, run } = this.value(node, like!);
    if (run !== undefined) return ofRuns(like!, (_frame, visit) => visit(run, 0, run.length));
    if (scalars !== undefined) return ofScalars(like!, (_frame, visit) => scalars.some(visit));
    return ofScalars(like!, (_frame, visit) => visit(scalar!));
  }

  private field(node: FieldNode): Operand {
    this.used.add(node.name);
    let operand = this.named(node);
    if (node.raw === true) {
      if (operand.runs === undefined) this.fail(`${node.name} is worked out, and has no bytes of its own`, node.at);
      operand = { ...ofRuns(BYTES, operand.runs!), slice: true };
    }
    if (node.selected !== true) return operand;
    const { selected } = this;
    const { scalars, runs, type } = operand;
    return {
      type,
      ...(scalars && { scalars: (_frame, visit) => selected !== undefined && scalars(selected, visit) }),
      ...(runs && { runs: (_frame, visit) => selected !== undefined && runs(selected, visit) }),
      present: () => selected !== undefined && operand.present(selected),
    };
  }
  private named({ name, layers }: FieldNode): Operand {
    const { registry } = this;
    if (name === 'frame') return layers === undefined ? WHOLE_FRAME : layers.some(isFirst) ? WHOLE_FRAME : NO_FRAME;
    const ids = registry.idsOf(name);
    this.flow ||= ids.some((id) => registry.protocols[id]!.fromFlow !== undefined);
    if (ids.length > 0)
      return eitherOf(ids.map((id) => protocolOperand(id, registry.protocols[id]!.spansPayload === true, layers)));
    const all = registry.meanings(name);
    const type = this.typeOf(all);
    // Of a name that means text here and a number there, what it first means.
    const meanings = all.filter((meaning) => isRun(typeOf(meaning)) === isRun(type));
    this.flow ||= meanings.some((meaning) => registry.dependsOnFlow(meaning));
    return fieldOperand(registry, meanings, type, layers);
  }
  /** Of the same name in several protocols; their names for values count together. */
  private typeOf(meanings: readonly Meaning[]): Type {
    const types = meanings.map(typeOf);
    return types.find((type) => type.names !== undefined && type.family === types[0]!.family) ?? types[0]!;
  }

  private slice(node: SliceNode, like: Type | undefined): Operand {
    if (node.of.kind === 'literal') this.unknown(node.of);
    if (isConstant(node.of)) this.fail('a part is taken of a field, not of a value', node.at);
    const of = this.of(node.of, like);
    const { family } = of.type;
    if (of.runs === undefined || !SLICEABLE.has(family))
      this.fail(`a part is taken of text or bytes, and this is ${CALLED[family]}`, node.at);
    return sliceOperand(of.runs!, node.ranges);
  }
  private call(node: CallNode, like: Type | undefined): Operand {
    const { name, given, at } = node;
    const spec = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (spec === undefined) this.fail(`there is no function "${name}"`, at, nearest(name, Object.keys(FUNCTIONS)));
    const { most, takes, refuses, make } = spec!;
    if (given.length === 0 || given.length > most)
      this.fail(`${name}() takes ${most === 1 ? 'one argument' : 'arguments'}, not ${given.length || 'none'}`, at);
    const operands: Operand[] = [];
    for (const one of given) {
      if (takes === 'fields' && one.kind === 'literal') this.unknown(one);
      if (takes === 'fields' && one.kind !== 'field') this.fail(`${name}() takes a field`, one.at);
      if (one.kind === 'string' || one.kind === 'character') this.fail(`${name}() takes fields and numbers`, one.at);
      const operand = this.of(one, operands[0]?.type ?? like);
      const refusal = refuses?.(operand.type);
      if (refusal !== undefined) this.fail(`${name}(): ${refusal}`, one.at);
      if (!alike(operands[0]?.type ?? operand.type, operand.type))
        this.fail(`${name}() compares values of one type and size`, one.at);
      operands.push(operand);
    }
    return make(operands);
  }
  private arithmetic(node: ArithmeticNode, like: Type | undefined): Operand {
    const { operator, at } = node;
    const left = this.of(node.left, like);
    if (!can(left.type, operator)) this.fail(`"${operator}" works nothing out of ${CALLED[left.type.family]}`, at);
    for (const side of [node.left, node.right])
      if (side.kind === 'string' || side.kind === 'character') this.fail('nothing is worked out of a text', side.at);
    const right = this.of(node.right, left.type);
    if (!compatible(left.type, right.type) && !(left.slice && right.runs))
      this.fail(`"${operator}" joins ${CALLED[left.type.family]} with ${CALLED[right.type.family]}`, at);
    return isRun(left.type) ? runArithmetic(left, right) : scalarArithmetic(operator, left, right);
  }
  private negative(node: NegativeNode, like: Type | undefined): Operand {
    const of = this.of(node.of, like);
    if (!canNegate(of.type)) this.fail(`${CALLED[of.type.family]} has no negative`, node.at);
    return negative(of);
  }
}
const SLICEABLE: ReadonlySet<string> = new Set(['string', 'bytes', 'protocol', 'ether', 'ipv4', 'ipv6']);
const isFirst = ({ start, length, last }: { start: number; length?: number; last?: number }): boolean =>
  start === -1 || (start <= 1 && (length === undefined ? (last ?? 1) >= 1 : start + length > 1));
const alike = (a: Type, b: Type): boolean => a.family === b.family && (a.bits ?? 0) === (b.bits ?? 0);
