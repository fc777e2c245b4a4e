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
  readonly port: number;
  usage(): Promise<Usage>;
  /** The same after garbage was collected. */
  collected(): Promise<Usage>;
  /** It does nothing at all until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends it, gently at first. */
  stop(): Promise<void>;
}

/** What to run, and how. */
export interface Command {
  /** A Node program that writes a JSON line with its `url` once it listens. The path is relative to the checkout. */
  readonly program: readonly string[];
  /** The Node that runs it. Default: the one of this process. */
  readonly runtime?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const PROBE = new URL('./usage-probe.js', import.meta.url).href;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 20_000;

export async function startServer(pinning: Pinning, command: Command): Promise<ServerProcess> {
  const { program, runtime = process.execPath, environment = {} } = command;
  const [file = runtime, ...args] = [...pinning, runtime, '--import', PROBE, ...program];
  const env = { ...process.env, NODE_ENV: 'production', ...environment };
  const child = spawn(file, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const stop = () => stopProcess(child);
  try {
    const url = await urlOf(child);
    const ask = (what: string) => () => answerOf(child, what);
    return {
      url,
      port: Number(new URL(url).port),
      usage: ask('usage'),
      collected: ask('collected'),
      pause: () => child.kill('SIGSTOP'),
      resume: () => child.kill('SIGCONT'),
      stop,
    };
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
      const url = /"url":"(http:[^"]+)"/.exec(line)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url.replace('http', 'ws'));
    });
  });
}

async function answerOf(child: ChildProcess, question: string): Promise<Usage> {
  if (!child.connected) throw new Error('A server ended while it was measured.');
  const asked = new AbortController();
  const { signal } = asked;
  const answer = once(child, 'message', { signal });
  const gone = once(child, 'exit', { signal }).then(() => {
    throw new Error('A server ended while it was measured.');
  });
  child.send(question);
  try {
    return ((await Promise.race([answer, gone])) as [Usage])[0];
  } finally {
    asked.abort();
    await Promise.allSettled([answer, gone]);
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
