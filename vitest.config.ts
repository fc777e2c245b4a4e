import { configDefaults, defineConfig } from 'vitest/config';

/**
 * What is clicked and looked at. A busy machine swallows a frame or a key at times: what fails here runs once more, and is
 * named as such. All that guards what people write, wherever it runs, has one try.
 */
const LOOKS = [
  ...['axe', 'block-menu', 'calm', 'carets', 'display', 'documents', 'find', 'images', 'layout', 'menus', 'nodes'],
  ...['page', 'pasting', 'people', 'phone', 'right-to-left', 'text-direction', 'toolbar', 'view'],
].map((name) => `test/browser/${name}.test.ts`);

export default defineConfig({
  test: {
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // Machines are slow at times; a test that means a time says it.
    expect: { poll: { timeout: 20_000, interval: 20 } },
    // Two at once: the browser and the servers that tests start need a core of their own.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'looks', include: LOOKS, retry: 1 } },
      {
        extends: true,
        test: { name: 'rest', include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, ...LOOKS] },
      },
    ],
  },
});
