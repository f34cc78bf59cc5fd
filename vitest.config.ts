import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tools/**/*.test.ts'],
    pool: 'forks',
    globalSetup: 'tools/test/own-cache.ts',
    testTimeout: 180_000,
  },
});
