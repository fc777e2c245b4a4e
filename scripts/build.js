// Builds what is stale: `dist/` from the sources (tsc), `dist/app/` from the page (Vite).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const force = process.argv.includes('--force');
const config = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.js'];
const browser = ['protocol', 'client', 'editor'];

const steps = [
  {
    name: 'library',
    sources: [...config, ...browser, 'server', 'persistence'],
    stamp: 'dist/.library',
    clean: ['protocol', 'client', 'editor', 'server', 'persistence'].map((folder) => `dist/${folder}`),
    commands: [['tsc', '-p', 'tsconfig.build.json']],
    copy: 'editor',
  },
  {
    name: 'page',
    sources: [...config, ...browser, 'app'],
    stamp: 'dist/.page',
    clean: ['dist/app'],
    commands: [['vite', 'build', 'app', '--logLevel', 'warn']],
    compress: 'dist/app',
  },
  {
    name: 'standalone bundle',
    sources: [...config, ...browser, 'scripts/standalone.config.js'],
    stamp: 'dist/.standalone',
    clean: ['dist/standalone'],
    commands: [
      ['vite', 'build', '-c', 'scripts/standalone.config.js', '--logLevel', 'warn'],
      ['vite', 'build', '-c', 'scripts/standalone.config.js', '--mode', 'parts', '--logLevel', 'warn'],
    ],
  },
];

for (const step of steps) {
  if (!force && isFresh(step)) continue;
  const begun = new Date();
  for (const folder of [...step.clean, step.stamp]) rmSync(join(root, folder), { recursive: true, force: true });
  for (const [command, ...args] of step.commands) run(command, args);
  if (step.copy) copyStyles(step.copy);
  if (step.compress) compress(join(root, step.compress));
  // The stamp is as old as the beginning: what was changed while it was built is stale again.
  writeFileSync(join(root, step.stamp), '');
  utimesSync(join(root, step.stamp), begun, begun);
  console.log(`built the ${step.name} in ${((Date.now() - begun.getTime()) / 1000).toFixed(1)} s`);
}

function isFresh({ sources, stamp }) {
  const path = join(root, stamp);
  if (!existsSync(path)) return false;
  const builtAt = statSync(path).mtimeMs;
  return sources.every((source) => newest(join(root, source)) <= builtAt);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs);
}

function run(command, args) {
  const bin = join(root, 'node_modules', '.bin', command);
  const { status, error } = spawnSync(bin, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (error) console.error(`could not run ${command}: ${error.message}. Run \`npm ci\` first.`);
  if (status !== 0) process.exit(status ?? 1);
}

/** tsc leaves CSS where it is. */
function copyStyles(folder) {
  const isStyle = (source) => statSync(source).isDirectory() || source.endsWith('.css');
  cpSync(join(root, folder), join(root, 'dist', folder), { recursive: true, filter: isStyle });
}

/** The server sends the smallest that the browser takes. */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|html|svg)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
  }
}
