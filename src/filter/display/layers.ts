import type { Frame } from '../../dissect/frame.ts';
import { NONE } from '../../dissect/protocol.ts';
import type { Range } from './ast.ts';
import { type Operand, ofRuns, type Runs } from './operand.ts';
import { PROTOCOL } from './types.ts';

/** Is layer `d` one of those that were asked for? */
export type Chosen = (frame: Frame, d: number) => boolean;

/** `#2`, `#[1-2]`, `#[-1]`: layers of one protocol are counted from 1, or from the last one, which is -1. */
export function chosen(id: number, ranges: readonly Range[]): Chosen {
  return (frame, d) => {
    let count = 0;
    let place = 0;
    for (let i = 0; i < frame.depth; i++) {
      if (frame.layer[i] !== id) continue;
      count++;
      if (i === d) place = count;
    }
    return ranges.some((range) => {
      const start = range.start < 0 ? count + 1 + range.start : range.start;
      if (range.length !== undefined) return place >= start && place < start + range.length;
      const last = range.last ?? count;
      return place >= start && place <= (last < 0 ? count + 1 + last : last);
    });
  };
}

/** A protocol: there or not, and its bytes. */
export function protocolOperand(id: number, spansPayload: boolean, ranges?: readonly Range[]): Operand {
  const wanted = ranges === undefined ? undefined : chosen(id, ranges);
  const over =
    (end: (frame: Frame, d: number) => number): Runs =>
    (frame, visit) => {
      for (let d = 0; d < frame.depth; d++)
        if (frame.layer[d] === id && (wanted === undefined || wanted(frame, d)))
          if (visit(frame.bytes, frame.from[d]!, end(frame, d))) return true;
      return false;
    };
  return {
    ...ofRuns(PROTOCOL, over(spansPayload ? payloadEnd : headerEnd)),
    searched: over(payloadEnd),
    plain: true,
    present: (frame) => {
      for (let d = 0; d < frame.depth; d++)
        if (frame.layer[d] === id && (wanted === undefined || wanted(frame, d))) return true;
      return false;
    },
  };
}
/** The same under one name that several protocols share. */
export function eitherOf(operands: readonly Operand[]): Operand {
  const [first, ...more] = operands;
  if (more.length === 0) return first!;
  const over =
    (runsOf: (operand: Operand) => Runs): Runs =>
    (frame, visit) =>
      operands.some((operand) => runsOf(operand)(frame, visit));
  return {
    ...first!,
    runs: over(({ runs }) => runs!),
    searched: over(({ searched }) => searched!),
    present: (frame) => operands.some((operand) => operand.present(frame)),
  };
}
/** Where what the layer carries begins; its own end when it carries nothing that anybody reads. */
function headerEnd(frame: Frame, d: number): number {
  // What was put together lies elsewhere.
  if (d === frame.joined) return Math.min(frame.from[d]! + frame.registry.sizes[frame.layer[d]!]!, frame.limit(d));
  if (d + 1 < frame.depth) return Math.min(frame.from[d + 1]!, frame.end);
  const rest = frame.restFrom;
  // A layer without a fixed header that hands nothing on leaves the place where it was handed on itself.
  return rest === NONE || rest <= frame.from[d]! ? frame.limit(d) : Math.min(rest, frame.limit(d));
}
/** The layer says itself where it ends, and so where what it carries does; link layers have trailers. */
function payloadEnd(frame: Frame, d: number): number {
  const { link } = frame.registry.protocols[frame.layer[d]!]!;
  return link === true || d + 1 >= frame.depth || d === frame.joined ? frame.limit(d) : frame.limit(d + 1);
}

/** `frame`: the packet as it was captured. */
export const WHOLE_FRAME: Operand = {
  ...ofRuns(PROTOCOL, (frame, visit) => visit(frame.bytes, frame.start, frame.start + frame.captured)),
  plain: true,
};
/** `frame#2`: there is only one. */
export const NO_FRAME: Operand = { ...ofRuns(PROTOCOL, () => false), plain: true };
