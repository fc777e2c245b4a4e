import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the server: its default port. */
const server = 'http://127.0.0.1:1234';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Two copies of Yjs in one page break silently.
  resolve: { dedupe: ['yjs', 'y-protocols', 'lib0'] },
  build: {
    outDir: '../dist/app',
    emptyOutDir: true,
    target: ['es2022'],
    // `light-dark()` as it is: what it would be rewritten to does not follow `data-theme`.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // Under `default-src 'self'` neither data: URLs nor inline scripts may be used.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    // kB; the editor is one chunk, loaded while the list shows.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      // With the browser's own Host, which the server compares with the Origin.
      '/api': { target: server },
      '/sync': { target: server, ws: true },
    },
  },
});
