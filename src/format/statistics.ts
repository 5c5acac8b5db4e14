import { options } from './blocks.ts';

const OPTION = { droppedByInterface: 5, droppedBySystem: 7 } as const;

/** What interface statistics blocks say of packets that were lost. The counts are totals: the last one counts. */
export class Statistics {
  private readonly lost = new Map<number, number>();

  get dropped(): number {
    let sum = 0;
    for (const count of this.lost.values()) sum += count;
    return sum;
  }
  /** Reads a block's options in `[from, to)`. */
  read(view: DataView, from: number, to: number, littleEndian: boolean, port: number): void {
    let sum = 0;
    for (const option of options(view, from, to, littleEndian)) {
      if (option === undefined || option.length !== 8) continue;
      if (option.code !== OPTION.droppedByInterface && option.code !== OPTION.droppedBySystem) continue;
      sum += Number(view.getBigUint64(option.from, littleEndian));
    }
    this.lost.set(port, sum);
  }
}
