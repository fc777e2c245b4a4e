import { readdir } from 'node:fs/promises';
import { constants, getPriority, setPriority } from 'node:os';

/** How far the other threads give way: on one core the four that mark garbage would take four fifths of it otherwise. */
const NICE_INCREMENT = 10;
const LOWEST_PRIORITY = constants.priority.PRIORITY_LOW;

/**
 * This thread goes first: all others that the process has now, and those that they start, get a lower priority. These
 * are V8's helpers and libuv's pool, and LevelDB's own thread, which comes out of the pool. Where they share a core with
 * what relays, people would wait for them.
 *
 * Only Linux gives each thread a priority of its own; elsewhere, and where that is not allowed, all stays as it is.
 * For a program that is nothing but the server: it concerns the whole process.
 */
export async function goFirst(): Promise<void> {
  if (process.platform !== 'linux') return;
  // Read by a thread of the pool: so that the pool is there by then.
  const threads = await readdir('/proc/self/task').catch(() => []);
  for (const thread of threads.map(Number)) if (thread !== process.pid) giveWay(thread);
}

function giveWay(thread: number): void {
  try {
    setPriority(thread, Math.min(getPriority(thread) + NICE_INCREMENT, LOWEST_PRIORITY));
  } catch {
    // It has ended meanwhile, or this is not allowed here.
  }
}
