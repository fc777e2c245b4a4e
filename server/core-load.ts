import { performance } from 'node:perf_hooks';
import type { CoreLoad } from './flush-pacer.ts';

/** How often the load is looked at, in milliseconds. */
const SAMPLE_MS = 100;

/** The share of its time that this thread's event loop was busy, over the last tenth of a second or so. */
export function eventLoopLoad(): CoreLoad {
  let sample = performance.eventLoopUtilization();
  let sampledAt = performance.now();
  let load = 0;
  return () => {
    const now = performance.now();
    if (now - sampledAt >= SAMPLE_MS) {
      const next = performance.eventLoopUtilization();
      load = performance.eventLoopUtilization(next, sample).utilization;
      sample = next;
      sampledAt = now;
    }
    return load;
  };
}
