import type { Frame } from '../../dissect/frame.ts';
import type { Registry } from '../../dissect/registry.ts';
import { nearest } from '../nearest.ts';
import type { Node } from './ast.ts';
import { DisplayFilterError, type Fail } from './error.ts';
import { Operands } from './operands.ts';
import { parse, type Vocabulary } from './parse.ts';
import { type Matches, membership, relation, test } from './relation.ts';

export interface DisplayFilter {
  /** Asked of a frame after {@link Frame.dissect}. */
  readonly matches: Matches;
  /** Names of the fields and protocols that it asks for. */
  readonly fields: readonly string[];
  /** Asks for something that depends on the packets before: they must go through the table of streams. */
  readonly flow: boolean;
}
export interface DisplayFilterOptions {
  /** The packet that `${field}` speaks about; without one such a comparison never matches. */
  readonly selected?: Frame;
}

/** A filter in Wireshark's language, over the protocols of a registry. Throws a {@link DisplayFilterError}. */
export function compileDisplayFilter(
  text: string,
  registry: Registry,
  options: DisplayFilterOptions = {},
): DisplayFilter {
  const fail: Fail = (reason, at, near, hint) => {
    throw new DisplayFilterError(reason, text, at, near, hint);
  };
  const words = vocabulary(registry);
  const operands = new Operands(registry, fail, options.selected, words);
  const tree = parse(text, words, fail);
  const matches = tree === undefined ? () => true : build(tree, operands);
  return { matches, fields: [...operands.used], flow: operands.flow };
}
function vocabulary(registry: Registry): Vocabulary {
  const knows = (name: string) =>
    name === 'frame' || registry.idsOf(name).length > 0 || registry.meanings(name).length > 0;
  return {
    knows,
    near: (name) => nearest(name, [...registry.shown, 'frame', ...registry.fields.keys()]),
  };
}
function build(node: Node, operands: Operands): Matches {
  switch (node.kind) {
    case 'relation':
      return relation(node, operands);
    case 'in':
      return membership(node, operands);
    case 'test':
      return test(node, operands);
    case 'not': {
      const of = build(node.of, operands);
      return (frame) => !of(frame);
    }
    default:
      return joined(
        node.kind,
        node.parts.map((part) => build(part, operands)),
      );
  }
}
function joined(kind: 'and' | 'or' | 'xor', parts: readonly Matches[]): Matches {
  const [first, second] = parts as [Matches, Matches];
  const two = parts.length === 2;
  switch (kind) {
    case 'and':
      if (two) return (frame) => first(frame) && second(frame);
      return (frame) => {
        for (let i = 0; i < parts.length; i++) if (!parts[i]!(frame)) return false;
        return true;
      };
    case 'or':
      if (two) return (frame) => first(frame) || second(frame);
      return (frame) => {
        for (let i = 0; i < parts.length; i++) if (parts[i]!(frame)) return true;
        return false;
      };
    case 'xor':
      return (frame) => parts.reduce((odd, part) => odd !== part(frame), false);
  }
}
