import type { Names } from '../../src/flow/names.ts';
import { nameRecords } from '../../src/format/name-records.ts';
import type { Observer } from './ingest.ts';

/** Learns names from the packets, and from what the file says beside them. */
export const hearing = (names: Names): Required<Observer> => ({
  see: (frame) => names.see(frame),
  batch(batch) {
    for (const [address, name] of nameRecords(batch)) names.learn(address, name);
  },
});
