import { defineConfig } from 'vitest/config';

const LIVE = 'test/live/**/*.test.ts';

export default defineConfig({
  test: {
    // Two cores: more workers than that would only disturb the tests that measure.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'offline', include: ['test/**/*.test.ts'], exclude: [LIVE], sequence: { groupOrder: 0 } },
      },
      {
        // One after the other, and nothing beside them: what they watch is the system itself.
        extends: true,
        test: {
          name: 'live',
          include: [LIVE],
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          // What others do to the kernel meanwhile is not ours; the report names each test that took two tries.
          retry: 1,
        },
      },
    ],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // A busy machine is slow, not wrong.
    expect: { poll: { timeout: 60_000 } },
  },
});
