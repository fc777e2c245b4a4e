import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Pinning } from './core.ts';

/** What a process has used since it began, all of its threads together. */
export interface Usage {
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

/** A measured server in a process of its own. */
export interface ServerProcess {
  /** Where it listens, `ws://host:port`. */
  readonly url: string;
  usage(): Promise<Usage>;
  /** Ends it, gently at first. */
  stop(): Promise<void>;
}

const PROBE = new URL('./usage-probe.js', import.meta.url).href;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5_000;

/** Starts a Node program that writes a JSON line with its `url` once it listens. The path is relative to the checkout. */
export async function startServer(pinning: Pinning, program: readonly string[]): Promise<ServerProcess> {
  const [command = process.execPath, ...args] = [...pinning, process.execPath, '--import', PROBE, ...program];
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const stop = () => stopProcess(child);
  try {
    return { url: await urlOf(child), usage: () => usageOf(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('A server did not start in time.')), START_TIMEOUT_MS);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error('A server did not start.'));
    });
    if (child.stdout === null) throw new TypeError('its output is a pipe');
    createInterface(child.stdout).on('line', (line) => {
      const { url } = JSON.parse(line) as { url?: string };
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url.replace('http', 'ws'));
    });
  });
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  const answer = once(child, 'message');
  child.send('usage');
  return ((await answer) as [Usage])[0];
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
