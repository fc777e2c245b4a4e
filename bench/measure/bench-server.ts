import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pinning } from '../core.ts';
import type { Target } from '../generator/peer.ts';
import { type ServerProcess, startServer } from '../server-process.ts';
import type { Server } from '../servers.ts';
import type { Turn } from './turns.ts';

/** A server that runs for one measurement, with a folder of its own. */
export interface BenchServer extends Target {
  readonly process: ServerProcess;
}

const QUIET_SHARE = 0.02;
const QUIET_MS = 250;

/** Runs a new process of the server, with a folder that is kept if one is given, and ends it afterwards. */
export async function withServer<T>(
  server: Server,
  pinning: Pinning,
  work: (running: BenchServer) => Promise<T>,
  folder?: string,
): Promise<T> {
  if (folder === undefined) return withFolder((own) => withServer(server, pinning, work, own));
  const process = await startServer(pinning, server.command(folder));
  running.add(process);
  try {
    return await work({ process, port: process.port, dialect: server.dialect });
  } finally {
    running.delete(process);
    await process.stop();
  }
}

const running = new Set<ServerProcess>();

/** Ends the servers that run. What is being measured fails. */
export async function endServers(): Promise<void> {
  await Promise.all([...running].map(({ stop }) => stop()));
}

/** Makes a temporary folder and removes it afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'scriptorium-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits until the server has nothing more to do, for example has stored and compacted what it was given. */
export async function settled({ process }: BenchServer, timeoutMs = 15_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let quiet = 0;
  let before = await process.usage();
  while (quiet < 2 && performance.now() < deadline) {
    await sleep(QUIET_MS);
    const now = await process.usage();
    quiet = now.cpuMicros - before.cpuMicros < QUIET_SHARE * QUIET_MS * 1000 ? quiet + 1 : 0;
    before = now;
  }
}

/** Lets the other servers have their turns. Meanwhile this one does nothing: what it has put off it does in its own. */
export async function passTurn({ process }: BenchServer, turn: Turn): Promise<void> {
  process.pause();
  await turn.pass();
  process.resume();
}
