/** Where the time of a line goes: each stage alone over the same batch, in nanoseconds per packet. */
import { protocols } from '../dissectors/index.ts';
import { openFile } from '../src/capture/file.ts';
import { Frame } from '../src/dissect/frame.ts';
import { Line, PLAIN } from '../src/dissect/line.ts';
import { Registry } from '../src/dissect/registry.ts';
import { SequenceTable } from '../src/flow/sequence.ts';
import type { FrameBatch } from '../src/frame/batch.ts';
import { TimeColumn } from '../src/sink/time.ts';

const registry = new Registry(protocols);
const frame = new Frame(registry);
const table = new SequenceTable(registry, false);
const w = new Line(PLAIN);
const time = new TimeColumn(0, false);
const only = process.argv[3];
const stages: Record<string, (batch: FrameBatch, i: number) => void> = {
  load: (batch, i) => frame.load(batch, i),
  dissect: (batch, i) => {
    frame.load(batch, i);
    frame.dissect(0);
  },
  sequence: (batch, i) => {
    frame.load(batch, i);
    frame.dissect(0);
    table.see(frame);
  },
  time: (batch, i) => {
    if (w.at > 100_000) w.at = 0;
    time.write(w, batch.seconds[i]!, batch.nanos[i]!);
  },
  line: (batch, i) => {
    frame.load(batch, i);
    frame.dissect(0);
    if (w.at > 100_000) w.at = 0;
    w.packetLine(frame);
  },
};
for (let round = 0; round < (only === undefined ? 2 : 6); round++)
  for (const [name, stage] of Object.entries(stages)) {
    if (only !== undefined && only !== name) continue;
    await using source = await openFile(process.argv[2]!);
    let cpu = 0;
    let packets = 0;
    for await (const batch of source.batches()) {
      const before = process.cpuUsage().user;
      for (let i = 0; i < batch.count; i++) stage(batch, i);
      cpu += process.cpuUsage().user - before;
      packets += batch.count;
      batch.release();
    }
    if (round > 0) console.log(name.padEnd(12), ((cpu * 1000) / packets).toFixed(0), 'ns');
  }
