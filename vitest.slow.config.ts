import { defineConfig } from 'vitest/config';

/** Proofs that take minutes: `npm run test:slow`. */
export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.slow.ts'],
    pool: 'forks',
    globalSetup: ['tools/test/own-cache.ts', 'tools/test/databases.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
  },
});
