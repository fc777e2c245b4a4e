import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Machines are slow at times; a test that means a time says it.
    expect: { poll: { timeout: 10_000, interval: 20 } },
    // Two at once: the browser and the servers that tests start need a core of their own.
    maxWorkers: 2,
  },
});
