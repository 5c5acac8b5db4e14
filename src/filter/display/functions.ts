import { Text } from '../../bytes/text.ts';
import { compareRuns } from './compare.ts';
import type { Scalar } from './literal.ts';
import { type Operand, ofRuns, ofScalars } from './operand.ts';
import { CALLED, isRun, NUMBER, STRING, type Type } from './types.ts';

export interface FunctionSpec {
  readonly about: string;
  /** How many arguments at most; at least one. */
  readonly most: number;
  /** May its arguments be typed values or worked out? */
  readonly takes: 'fields' | 'anything';
  /** Why a value of this type is no argument; undefined when it is one. */
  readonly refuses?: (type: Type) => string | undefined;
  make(given: readonly Operand[]): Operand;
}
const onlyText = ({ family }: Type): string | undefined =>
  family === 'string' ? undefined : `a text is expected, not ${CALLED[family]}`;
const NUMERIC: ReadonlySet<string> = new Set(['number', 'boolean', 'float', 'span']);
const LENGTHLESS: ReadonlySet<string> = new Set(['boolean', 'moment', 'span']);
const shownTypes: ReadonlySet<string> = new Set(['number', 'ipv4', 'ipv6', 'ether', 'float']);

/** By name. */
export const FUNCTIONS: Readonly<Record<string, FunctionSpec>> = {
  upper: {
    about: 'a text in capitals',
    most: 1,
    takes: 'fields',
    refuses: onlyText,
    make: ([of]) => cased(of!, 0x61, -0x20),
  },
  lower: {
    about: 'a text in small letters',
    most: 1,
    takes: 'fields',
    refuses: onlyText,
    make: ([of]) => cased(of!, 0x41, 0x20),
  },
  len: { about: 'how many bytes a field has', most: 1, takes: 'fields', make: ([of]) => lengths(of!) },
  count: { about: 'how often a field stands in the packet', most: 1, takes: 'fields', make: ([of]) => count(of!) },
  string: {
    about: 'a number or an address as text',
    most: 1,
    takes: 'fields',
    refuses: ({ family }) =>
      shownTypes.has(family) ? undefined : `a number or an address is expected, not ${CALLED[family]}`,
    make: ([of]) => shown(of!),
  },
  abs: {
    about: 'a number without its sign',
    most: 1,
    takes: 'anything',
    refuses: ({ family }) => (NUMERIC.has(family) ? undefined : `a number is expected, not ${CALLED[family]}`),
    make: ([of]) =>
      ofScalars(of!.type, (frame, visit) => of!.scalars!(frame, (value) => visit(value < 0 ? -value : value))),
  },
  min: {
    about: 'the least of all values',
    most: Number.POSITIVE_INFINITY,
    takes: 'anything',
    make: (given) => extreme(given, -1),
  },
  max: {
    about: 'the greatest of all values',
    most: Number.POSITIVE_INFINITY,
    takes: 'anything',
    make: (given) => extreme(given, 1),
  },
};

function cased(of: Operand, first: number, by: number): Operand {
  return ofRuns(STRING, (frame, visit) =>
    of.runs!(frame, (bytes, from, to) => {
      const changed = bytes.slice(from, to);
      for (let i = 0; i < changed.length; i++) if (changed[i]! >= first && changed[i]! < first + 26) changed[i]! += by;
      return visit(changed, 0, changed.length);
    }),
  );
}
/** Of truths and times there is nothing to count. */
function lengths(of: Operand): Operand {
  if (LENGTHLESS.has(of.type.family)) return ofScalars(NUMBER, (frame, visit) => of.scalars!(frame, () => visit(0)));
  if (of.runs !== undefined)
    return ofScalars(NUMBER, (frame, visit) => of.runs!(frame, (_, from, to) => visit(to - from)));
  // Worked out, so it stands nowhere: as long as its type says.
  const size = of.type.family === 'number' ? (of.type.bits ?? 64) / 8 : 8;
  return ofScalars(NUMBER, (frame, visit) => of.scalars!(frame, () => visit(size)));
}
function count(of: Operand): Operand {
  let found = 0;
  const one = () => {
    found++;
    return false;
  };
  return ofScalars(NUMBER, (frame, visit) => {
    found = 0;
    if (isRun(of.type)) of.runs!(frame, one);
    else of.scalars!(frame, one);
    // None at all is not a count of zero but a field that is missing.
    return found > 0 && visit(found);
  });
}
function shown(of: Operand): Operand {
  const w = new Text();
  const { family } = of.type;
  if (family === 'ipv4' || family === 'ipv6' || family === 'ether')
    return ofRuns(STRING, (frame, visit) =>
      of.runs!(frame, (bytes, from) => {
        w.at = 0;
        if (family === 'ipv4') w.ipv4(bytes, from);
        else if (family === 'ipv6') w.ipv6(bytes, from);
        else w.mac(bytes, from);
        return visit(w.bytes, 0, w.at);
      }),
    );
  return ofRuns(STRING, (frame, visit) =>
    of.scalars!(frame, (value) => {
      w.at = 0;
      w.str(String(value));
      return visit(w.bytes, 0, w.at);
    }),
  );
}
/** `sign`: 1 for the greatest, -1 for the least. */
function extreme(given: readonly Operand[], sign: number): Operand {
  const { type } = given[0]!;
  if (isRun(type)) return extremeRun(given, sign);
  return ofScalars(type, (frame, visit) => {
    let best: Scalar | undefined;
    const look = (value: Scalar) => {
      if (best === undefined || (sign > 0 ? value > best : value < best)) best = value;
      return false;
    };
    for (const one of given) one.scalars!(frame, look);
    return best !== undefined && visit(best);
  });
}
function extremeRun(given: readonly Operand[], sign: number): Operand {
  const { type } = given[0]!;
  const text = type.family === 'string';
  return ofRuns(type, (frame, visit) => {
    let best: Uint8Array | undefined;
    for (const one of given)
      one.runs!(frame, (bytes, from, to) => {
        if (best === undefined || compareRuns(text, bytes, from, to, best, 0, best.length) * sign > 0)
          best = bytes.slice(from, to);
        return false;
      });
    return best !== undefined && visit(best, 0, best.length);
  });
}
