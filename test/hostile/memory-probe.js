// Loaded into the server of a test (`node --expose-gc --import`): on SIGUSR2 it collects garbage and says what is left.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  let asked = 0;
  process.on('SIGUSR2', () => {
    globalThis.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    console.log(JSON.stringify({ memory: ++asked, usedBytes: heapUsed + external, rssBytes: rss }));
  });
}
