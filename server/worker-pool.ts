import { setTimeout as sleep } from 'node:timers/promises';
import { Piscina } from 'piscina';

/** How a pool's thread runs. */
export interface WorkerPoolOptions {
  /** What it runs where a call does not name something else: an export of worker.ts. */
  readonly name: string;
  /** How far it gives way to other threads, from 0 to 19. */
  readonly niceIncrement?: number;
  /** Its heap, in MiB. */
  readonly maxMemoryMb?: number;
  /** It ends when it has had nothing to do for so long, in milliseconds. Default: 10 s. */
  readonly idleTimeoutMs?: number;
}

/** A thread of its own, while it is needed. */
export interface WorkerPool {
  readonly run: Piscina['run'];
  /** Ends the thread, and rejects what it has not done. */
  close(): Promise<void>;
}

const IDLE_TIMEOUT_MS = 10_000;
const LOAD_TIMEOUT_MS = 5_000;
const LOOK_EVERY_MS = 10;

/** One thread that runs the functions of worker.ts, one call at a time; it ends when it has had nothing to do for a while. */
export function workerPool(options: WorkerPoolOptions): WorkerPool {
  const { name, niceIncrement = 0, maxMemoryMb, idleTimeoutMs = IDLE_TIMEOUT_MS } = options;
  // Beside this file: .ts where the sources run through a loader (tests, `npm run dev`), .js in the package.
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const pool = new Piscina({
    filename: new URL(`./worker${extension}`, import.meta.url).href,
    name,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleTimeoutMs,
    niceIncrement,
    ...(maxMemoryMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } }),
    ...(extension === '.ts' && { execArgv: ['--import', 'tsx'] }),
  });
  // Every run answers for its own errors; without a listener one of an idle thread would end the process.
  pool.on('error', () => {});
  const loaded = new Set<number>();
  pool.on('workerCreate', ({ id }) => loaded.add(id)); // it says so when it has loaded
  pool.on('workerDestroy', ({ id }) => loaded.delete(id));
  return {
    run: pool.run.bind(pool),
    async close() {
      // Whoever ends a thread that is still loading may end the process: Node 20 aborts ("v8::Module::IsGraphAsync").
      const deadline = Date.now() + LOAD_TIMEOUT_MS;
      while (pool.threads.length > loaded.size && Date.now() < deadline) await sleep(LOOK_EVERY_MS);
      await pool.destroy();
    },
  };
}
