// The editor as one file for a plain <script> tag, and its style sheet as one file. What is large and used by few documents
// is beside it, in `parts/`, and loaded from there when it is needed; with `--mode parts` these are built.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** An address in a script's `import()` is relative to the script. */
const partsBeside = {
  name: 'parts-beside',
  enforce: 'pre',
  resolveId(id) {
    const part = /\/parts\/(\w+)\.ts$/.exec(id)?.[1];
    return part ? { id: `./parts/${part}.js`, external: true } : null;
  },
};

const common = {
  target: ['es2022'],
  // `light-dark()` as it is: what it would be rewritten to does not follow `data-theme`.
  cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
  sourcemap: true,
  chunkSizeWarningLimit: 900,
};

export default defineConfig(({ mode }) => ({
  publicDir: false,
  root: fromRoot('editor'),
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: mode === 'parts' ? [] : [partsBeside],
  build:
    mode === 'parts'
      ? {
          ...common,
          outDir: fromRoot('dist/standalone/parts'),
          emptyOutDir: true,
          lib: {
            entry: ['emoji', 'formulas', 'highlighting'].map((name) => fromRoot(`editor/parts/${name}.ts`)),
            formats: ['es'],
          },
        }
      : {
          ...common,
          outDir: fromRoot('dist/standalone'),
          emptyOutDir: true,
          lib: {
            entry: fromRoot('editor/standalone.ts'),
            name: 'Scriptorium',
            formats: ['iife'],
            fileName: () => 'scriptorium-editor.js',
            cssFileName: 'scriptorium-editor',
          },
        },
}));
