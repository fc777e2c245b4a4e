// Ours beside a plain `ws` relay, in turns on the same core. What is measured and how to read it: README.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../client/node.ts';
import { pinGenerator } from './core.ts';
import { machine, type Result, report } from './report.ts';
import { type Dialect, type Load, type Measurement, measureRoom } from './room-load.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { EDIT_LENGTH, TEXT_NAME } from './typist.ts';

const ROUNDS = 3;
/** A small room is measured for longer: there is little to measure in it. */
const LOADS: readonly Load[] = [0, 2].flatMap((movesPerSecond) => [
  { peers: 5, editsPerSecond: 1, movesPerSecond, measureMs: 3_000 },
  { peers: 50, editsPerSecond: 1, movesPerSecond, measureMs: 2_000 },
  { peers: 200, editsPerSecond: 1, movesPerSecond, measureMs: 2_000 },
]);
const WARM_UP: Load = { peers: 50, editsPerSecond: 4, movesPerSecond: 4, measureMs: 1_500 };
/** For the server to put away the room that was left, so that the next run does not pay for it. */
const PAUSE_MS = 200;
/** Whatever happens, it ends then. */
const TOTAL_MS = 240_000;

const OURS: Dialect = { path: (room) => `/sync/${room}`, syncs: true };
const RELAY: Dialect = { path: (room) => `/${room}`, syncs: false };

const ending: (() => Promise<unknown>)[] = [];
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => reject(new Error(`stopped by ${signal}`)));
  setTimeout(() => reject(new Error('it took too long')), TOTAL_MS).unref();
});

try {
  await Promise.race([run(), interrupted]);
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  // In the order in which they have to go: the servers, then their folder.
  for (const end of ending.reverse()) await end();
  process.exit();
}

async function run(): Promise<void> {
  const pinning = pinGenerator();
  const folder = await mkdtemp(join(tmpdir(), 'scriptorium-bench-'));
  ending.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const start = async (program: string[]): Promise<ServerProcess> => {
    const server = await startServer(pinning, program);
    ending.push(server.stop);
    return server;
  };
  const ours = await start(['bin/scriptorium.js', 'serve', '--port', '0', '--data', folder, '--log-format', 'json']);
  const relay = await start(['bench/peers/ws-relay.js']);

  console.log(`${machine(pinning.length > 0)}\n`);
  await measureRoom(ours, OURS, 'warm-up', WARM_UP, 0);
  await measureRoom(relay, RELAY, 'warm-up', WARM_UP, 0);

  const results: (Result & { ours: Measurement[]; relay: Measurement[] })[] = LOADS.map((load) => ({
    load,
    ours: [],
    relay: [],
  }));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [i, { load, ours: mine, relay: theirs }] of results.entries()) {
      const room = `room-${round}-${i}`;
      const turns = [
        async () => mine.push(await measureRoom(ours, OURS, room, load, round)),
        async () => theirs.push(await measureRoom(relay, RELAY, room, load, round)),
      ];
      for (const turn of round % 2 === 1 ? turns : turns.reverse()) {
        await turn();
        await sleep(PAUSE_MS);
      }
      await checkStored(ours, room, mine.at(-1));
    }
    console.log(`round ${round} of ${ROUNDS} is done`);
  }
  console.log(`\n${report(results)}`);

  const lost = results.flatMap((result) => [...result.ours, ...result.relay]).reduce((sum, m) => sum + m.lost, 0);
  if (lost > 0) throw new Error(`${lost} deliveries did not come: the figures above are not to be trusted`);
}

/** Joins with a real `Y.Doc` and looks whether every edit is there: what is measured has to be right as well. */
async function checkStored(server: ServerProcess, room: string, measured: Measurement | undefined): Promise<void> {
  const doc = new Y.Doc();
  const provider = new ScriptoriumProvider(`${server.url}/sync`, room, doc);
  try {
    await provider.whenSynced();
    const edits = doc.getText(TEXT_NAME).length / EDIT_LENGTH;
    if (edits !== measured?.edits) throw new Error(`${room} has ${edits} edits of ${measured?.edits} that were sent`);
  } finally {
    provider.destroy();
    doc.destroy();
  }
}
