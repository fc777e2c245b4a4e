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

/**
 * Has the browser fetch what comes after the first script along with it, not when that has run. The page of a document is
 * the same HTML with more to fetch.
 */
function preloads(): Plugin {
  return {
    name: 'preloads',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const html = bundle['index.html'];
        if (html?.type !== 'asset') throw new Error('There is no HTML to put the preloads in.');
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
        const withImports = (fileName: string): string[] => {
          const chunk = chunks.find((candidate) => candidate.fileName === fileName);
          return [fileName, ...(chunk?.imports.flatMap(withImports) ?? [])];
        };
        const withPreload = (source: string, module: string): string => {
          const entry = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module));
          if (entry === undefined) throw new Error(`There is no chunk of ${module} to preload.`);
          const files = [...new Set(withImports(entry.fileName))].filter((file) => !source.includes(file));
          const links = files.map((file) => `<link rel="modulepreload" crossorigin href="./${file}">\n    `);
          return source.replace('<link rel="stylesheet"', `${links.join('')}$&`);
        };
        html.source = withPreload(String(html.source), '/app/scriptorium-app.ts');
        const source = withPreload(withPreload(html.source, '/app/session.ts'), '/app/document-page.ts');
        this.emitFile({ type: 'asset', fileName: 'document.html', source });
      },
    },
  };
}

export default defineConfig({
  plugins: [preloads(), serviceWorker()],
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
    rolldownOptions: {
      output: {
        // What a page needs is in few files: each costs its time, on the way and in the service worker.
        codeSplitting: {
          groups: [
            { name: 'start', test: /\/app\/(first-look|language|unsaved)\.ts$/, priority: 4 },
            { name: 'session', test: /\/app\/session\.ts$/, priority: 3 },
            { name: 'app', test: /\/app\/scriptorium-app\.ts$/, priority: 2 },
            { name: 'document', test: /\/app\/document-page\.ts$/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      // With the browser's own Host, which the server compares with the Origin.
      '/api': { target: server },
      '/sync': { target: server, ws: true },
    },
  },
});
