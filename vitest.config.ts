import { defineConfig } from 'vitest/config';
import { LongFirst } from './tools/test/long-first.ts';

const include = ['packages/*/test/**/*.test.ts', 'tools/**/*.test.ts'];
/** They put another module in the place of one, which must not be loaded yet; or measure the memory of their process. */
const alone = [
  'packages/engine/test/training/recompute.test.ts',
  'packages/server/test/hostile.test.ts',
  'packages/vision/test/engine-options.test.ts',
  'packages/vision/test/batches/photo-store.test.ts',
  'packages/vision/test/records/record-cache.test.ts',
];
const shared = { pool: 'forks', testTimeout: 180_000 } as const;

export default defineConfig({
  test: {
    // Much of the time goes into waiting for children and servers: a core that is left free is not used.
    maxWorkers: '100%',
    globalSetup: ['tools/test/own-cache.ts', 'tools/test/databases.ts'],
    sequence: { sequencer: LongFirst },
    projects: [
      // Loading our sources and the engine takes longer than most files: once in each process.
      { test: { ...shared, name: 'together', include, exclude: alone, isolate: false } },
      { test: { ...shared, name: 'alone', include: alone } },
    ],
  },
});
