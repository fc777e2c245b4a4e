import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/scriptorium.js', import.meta.url));
const READY_MS = 20_000;
const STOP_MS = 15_000;

/** The server as its users run it: a process of its own on a port and a folder, which it keeps when it is started again. */
export interface ServerProcess {
  readonly url: string;
  /** Ends the process with `signal` and waits until it is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts it again after `kill`. */
  restart(): Promise<void>;
  /** Ends it and deletes its folder. */
  remove(): Promise<void>;
}

/** Starts a server on a free port and a new folder; resolves when it takes connections. `env` is added to its environment. */
export async function startServer(env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'scriptorium-browser-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const started = spawn(
      process.execPath,
      [PROGRAM, 'serve', '--port', String(port), '--host', '127.0.0.1', '--data', folder, '--log-level', 'warn'],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
    );
    child = started;
    let output = '';
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
    const deadline = Date.now() + READY_MS;
    while (!(await isReady(url))) {
      if (started.exitCode !== null) throw new Error(`The server ended with ${started.exitCode}:\n${output}`);
      if (Date.now() > deadline) throw new Error(`The server is not ready after ${READY_MS} ms:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const kill = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    const overdue = setTimeout(() => ending.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(overdue);
  };
  const remove = async (): Promise<void> => {
    process.off('exit', killNow);
    await kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  // A test run that is interrupted leaves no server behind.
  const killNow = (): void => void child?.kill('SIGKILL');
  process.on('exit', killNow);

  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return { url, kill, restart: start, remove };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ready`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
