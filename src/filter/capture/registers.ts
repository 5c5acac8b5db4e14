import { SCRATCH_WORDS } from './bpf.ts';
import type { Expression } from './expression.ts';

/** Which values the machine holds at a place of the program. */
export class Registers {
  private constructor(
    a: readonly Expression[],
    x: readonly Expression[],
    readonly slots: readonly (readonly Expression[])[],
  ) {
    this.a = a;
    this.x = x;
  }

  /** Everything that A is equal to, and X. */
  readonly a: readonly Expression[];
  readonly x: readonly Expression[];

  static readonly unknown = new Registers([], [], new Array<readonly Expression[]>(SCRATCH_WORDS).fill([]));

  withA(a: readonly Expression[]): Registers {
    return new Registers(a, this.x, this.slots);
  }

  withX(x: readonly Expression[]): Registers {
    return new Registers(this.a, x, this.slots);
  }

  withSlot(slot: number, values: readonly Expression[]): Registers {
    return new Registers(
      this.a,
      this.x,
      this.slots.map((held, i) => (i === slot ? values : held)),
    );
  }

  /** The same without every value that `gone` says is no longer what it was. */
  without(gone: (value: Expression) => boolean): Registers {
    const keep = (values: readonly Expression[]): readonly Expression[] => values.filter((value) => !gone(value));
    return new Registers(keep(this.a), keep(this.x), this.slots.map(keep));
  }

  /** What holds on both of two ways. */
  static common(one: Registers, two: Registers): Registers {
    const both = (a: readonly Expression[], b: readonly Expression[]): readonly Expression[] =>
      a === b ? a : a.filter((value) => b.includes(value));
    return new Registers(
      both(one.a, two.a),
      both(one.x, two.x),
      one.slots.map((held, i) => both(held, two.slots[i]!)),
    );
  }

  /** These registers with the first slots of another state. */
  withSlots(other: Registers, count: number): Registers {
    return new Registers(
      this.a,
      this.x,
      this.slots.map((held, i) => (i < count ? other.slots[i]! : held)),
    );
  }

  slotOf(value: Expression): number | undefined {
    const slot = this.slots.findIndex((held) => held.includes(value));
    return slot < 0 ? undefined : slot;
  }
}
