// Loaded before a measured server (`node --import`): says over the IPC channel what the process has used so far, all of
// its threads together. It also ends the server when the bench is gone, however that went.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send) {
  process.on('message', (question) => {
    if (question === 'collected') collectGarbage();
    const { user, system } = process.cpuUsage();
    process.send({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
  });
  process.on('disconnect', () => process.exit());
  // The probe does not keep a server alive that has finished.
  process.channel.unref();
}

function collectGarbage() {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  for (let i = 0; i < 3; i++) gc();
}
