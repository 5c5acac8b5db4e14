import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/**
 * Lets other programs run first where there are too few processors for all: `nice`, from 1 to 19, as of nice(1), unless it is more
 * already. Linux keeps it for each thread (setpriority(2)), and whoever is started later has that of its starter.
 */
export function giveWay(nice: number): void {
  for (const name of readdirSync('/proc/self/task')) {
    const thread = Number(name);
    try {
      if (getPriority(thread) < nice) setPriority(thread, nice);
    } catch {
      // It has ended.
    }
  }
}
