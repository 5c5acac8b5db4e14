import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openOutput } from '../../src/format/destination.ts';
import { JourneyWriter } from '../../src/trace/journey-writer.ts';
import { JourneysView } from '../../ui/model/journeys-view.ts';
import { StoredJourneys } from '../../ui/model/stored-journeys.ts';
import { project } from '../support/project.ts';
import { EPOCH, nameOf, some } from './journeys.ts';
import { SIZES, screen } from './screen.ts';

const folder = mkdtempSync(join(tmpdir(), 'hooktap-stored-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const SIZE = SIZES[2]!;

describe('the journeys of a file', () => {
  test('are shown as they were when they were traced', async () => {
    const path = join(folder, 'journeys.pcapng');
    const writer = new JourneyWriter(await openOutput(path, undefined), { nameOf, epoch: EPOCH });
    await writer.write(some().map(({ journey }) => journey));
    await writer.end();
    const heard: string[] = [];
    const stored = new StoredJourneys(path, (news) => heard.push(...news.map(({ drop }) => drop.reason)));
    const view = new JourneysView(stored, false);
    expect(stored.state).toBe('off');
    await stored.read();
    expect(stored.state).toBe('over');
    expect(heard).toEqual(['NETFILTER_DROP', 'NO_SOCKET']);
    expect(stored.counts).toEqual({ delivered: 1, sent: 0, dropped: 2, consumed: 0, unknown: 1 });
    const lines = screen(view.panes(SIZE), SIZE);
    expect(lines).toContain('wall forward rule 4 at router/lan');
    expect(lines).toContain('transmit    ttl 64 -> 63');
  });
  test('of another file are missed at once, with what makes some', async () => {
    const path = join(folder, 'other.pcap');
    copyFileSync(join(project, 'fixtures', 'samples.pcap'), path);
    const stored = new StoredJourneys(path);
    await stored.read();
    expect(stored.state).toBe('refused');
    expect(stored.obstacle?.why).toContain('holds no journeys');
    expect(stored.obstacle?.remedy).toContain('hooktap trace -w');
  });
});
