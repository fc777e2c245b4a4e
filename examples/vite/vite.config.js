import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // The editor tells its types by class: a page with two copies of Yjs is refused.
  resolve: { dedupe: ['yjs'] },
  server: { proxy: { '/sync': { target: process.env.SCRIPTORIUM_URL ?? 'http://127.0.0.1:1234', ws: true } } },
});
