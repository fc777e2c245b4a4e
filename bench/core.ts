import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

/** The cores that are used: one for the server that is measured, one for the load generator. */
const SERVER_CORE = 0;
const GENERATOR_CORE = 1;

/** What has to stand before a server's command so that it stays on its core; empty where that is not possible. */
export type Pinning = readonly string[];

/** Keeps this process on the generator's core. Needs Linux' `taskset` and two cores; without, nobody is pinned. */
export function pinGenerator(): Pinning {
  if (availableParallelism() < 2) return [];
  const { status } = spawnSync('taskset', ['-acp', String(GENERATOR_CORE), String(process.pid)]);
  return status === 0 ? ['taskset', '-c', String(SERVER_CORE)] : [];
}

/** CPU time that everything on this machine has used so far, in microseconds. Counted in hundredths of a second. */
export function machineCpuMicros(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + (user + nice + sys + irq) * 1000, 0);
}
