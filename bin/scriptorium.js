#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/server/cli.js', import.meta.url);
if (!existsSync(main)) {
  console.error(
    'scriptorium: not built yet. Run `npm run build` first (`npm ci` and `npm start` do it by themselves).',
  );
  process.exit(1);
}
const { run } = await import(main.href);
await run(process.argv);
