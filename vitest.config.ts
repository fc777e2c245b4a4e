import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two at once: the browser and the servers that tests start need a core of their own.
    maxWorkers: 2,
  },
});
