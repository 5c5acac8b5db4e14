/** What a display filter says, before anybody asks whether it makes sense. */

/** `[3:2]`, `[3-4]`, `[3]`, `[:2]`, `[-2:]`: a start, and a length or an end that is included; neither: to the end. */
export interface Range {
  readonly start: number;
  readonly length?: number;
  readonly last?: number;
}

export type Comparison = '==' | '!=' | '===' | '!==' | '<' | '<=' | '>' | '>=';
export type Relation = Comparison | 'contains' | 'matches';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '&';
/** `any` or `all` in front of a relation. */
export type Quantifier = 'any' | 'all';

interface Placed {
  /** Index of its first character in the filter. */
  readonly at: number;
}
export interface FieldNode extends Placed {
  readonly kind: 'field';
  readonly name: string;
  /** Counted from 1 among the layers of the field's protocol. */
  readonly layers?: readonly Range[];
  /** `@`: the bytes instead of the value. */
  readonly raw?: true;
  /** `${…}`: of the packet that is selected, not of the one that is asked. */
  readonly selected?: true;
}
/** A value without quotes, whose meaning depends on what it is compared with. */
export interface LiteralNode extends Placed {
  readonly kind: 'literal';
  readonly text: string;
}
export interface StringNode extends Placed {
  readonly kind: 'string';
  /** A character for each byte. */
  readonly bytes: string;
}
export interface CharacterNode extends Placed {
  readonly kind: 'character';
  readonly code: number;
}
export interface SliceNode extends Placed {
  readonly kind: 'slice';
  readonly of: Operand;
  readonly ranges: readonly Range[];
}
export interface CallNode extends Placed {
  readonly kind: 'call';
  readonly name: string;
  readonly given: readonly Operand[];
}
export interface ArithmeticNode extends Placed {
  readonly kind: 'arithmetic';
  readonly operator: Arithmetic;
  readonly left: Operand;
  readonly right: Operand;
}
export interface NegativeNode extends Placed {
  readonly kind: 'negative';
  readonly of: Operand;
}
export type Constant = LiteralNode | StringNode | CharacterNode;
export type Operand = FieldNode | Constant | SliceNode | CallNode | ArithmeticNode | NegativeNode;

export interface Member {
  readonly low: Operand;
  /** The end of a range, which belongs to it. */
  readonly high?: Operand;
}
export interface RelationNode extends Placed {
  readonly kind: 'relation';
  readonly operator: Relation;
  readonly left: Operand;
  readonly right: Operand;
  readonly quantifier?: Quantifier;
}
export interface InNode extends Placed {
  readonly kind: 'in';
  readonly left: Operand;
  readonly members: readonly Member[];
  readonly quantifier?: Quantifier;
}
export interface TestNode extends Placed {
  readonly kind: 'test';
  readonly of: Operand;
}
export type Node =
  /** At least two parts. */
  | { readonly kind: 'and' | 'or' | 'xor'; readonly parts: readonly Node[] }
  | { readonly kind: 'not'; readonly of: Node }
  | RelationNode
  | InNode
  | TestNode;
