// The editor as one file for a plain <script> tag, and its style sheet as one file.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export default defineConfig({
  publicDir: false,
  root: fromRoot('editor'),
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: fromRoot('dist/standalone'),
    emptyOutDir: true,
    target: ['es2022'],
    // `light-dark()` as it is: what it would be rewritten to does not follow `data-theme`.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    sourcemap: true,
    chunkSizeWarningLimit: 700,
    lib: {
      entry: fromRoot('editor/standalone.ts'),
      name: 'Scriptorium',
      formats: ['iife'],
      fileName: () => 'scriptorium-editor.js',
      cssFileName: 'scriptorium-editor',
    },
  },
});
