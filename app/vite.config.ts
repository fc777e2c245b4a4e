import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` finds the server: its default port. */
const server = 'http://127.0.0.1:1234';

/** Writes the service worker of this build, with the names of the files that it keeps. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const built = Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name));
        const files = JSON.stringify(['', 'favicon.svg', 'before-paint.js', ...built]);
        const source = readFileSync(new URL('./service-worker.js', import.meta.url), 'utf8');
        const build = createHash('sha256').update(source).update(files).digest('hex').slice(0, 16);
        this.emitFile({
          type: 'asset',
          fileName: 'service-worker.js',
          source: source.replace('/* files */ []', () => files).replace('/* build */', build),
        });
      },
    },
  };
}

export default defineConfig({
  plugins: [serviceWorker()],
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Two copies of Yjs in one page break silently.
  resolve: { dedupe: ['yjs', 'y-protocols', 'lib0'] },
  // The server writes into the HTML under which path it is; everything else finds its way from there.
  base: './',
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
