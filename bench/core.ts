import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** The cores that are used: one for the server that is measured, one for the load generator. */
const SERVER_CORE = 0;
const GENERATOR_CORE = 1;

/** What has to stand before a server's command so that it stays on its core; empty where that is not possible. */
export type Pinning = readonly string[];

/**
 * Keeps this process on the generator's core, and npm and tsx that started it: else they collect their garbage on the
 * server's. Needs Linux' `taskset` and two cores; without, nobody is pinned.
 */
export function pinGenerator(): Pinning {
  if (availableParallelism() < 2) return [];
  const pin = (pid: number) => spawnSync('taskset', ['-acp', String(GENERATOR_CORE), String(pid)]).status === 0;
  if (!pin(process.pid)) return [];
  for (const pid of startedBy()) pin(pid);
  return ['taskset', '-c', String(SERVER_CORE)];
}

/** The processes of npm and tsx, and the shells between them, that this one descends from. */
function startedBy(): number[] {
  const pids: number[] = [];
  let pid = process.ppid;
  while (pid > 0 && /\b(npm|npx|tsx)\b/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))) {
    pids.push(pid);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8'); // pid (name) state parent ...
    pid = Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
  }
  return pids;
}

/** CPU time that everything on this machine has used so far, in microseconds. Counted in hundredths of a second. */
export function machineCpuMicros(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + (user + nice + sys + irq) * 1000, 0);
}
