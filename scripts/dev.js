// The server from its sources, restarted when they change, and Vite's dev server in front of it for the page.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const run = (command, args) =>
  spawn(bin(command), args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });

const children = [
  run('tsx', ['watch', '--clear-screen=false', 'scripts/dev-server.ts', 'serve', ...process.argv.slice(2)]),
  run('vite', ['app', '--host', '127.0.0.1', '--port', '5173']),
];
const stop = (code) => {
  for (const child of children) child.kill();
  process.exitCode ||= code;
};
for (const child of children) child.on('exit', (code) => stop(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(0));
