import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tools/**/*.test.ts'],
    pool: 'forks',
    // Much of the time goes into waiting for children and servers: a core that is left free is not used.
    maxWorkers: '100%',
    globalSetup: ['tools/test/own-cache.ts', 'tools/test/databases.ts'],
    testTimeout: 180_000,
  },
});
