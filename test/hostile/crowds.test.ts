import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { HealthyRoom } from './healthy-room.ts';
import { startBeside, startMeasuredServer } from './measured-server.ts';

const SILENT = Number(process.env['SILENT'] ?? 2_000);
const DRIPPING = Number(process.env['DRIPPING'] ?? 500);
const FLOODING = Number(process.env['FLOODING'] ?? 1);
const COMES_BACK = process.env['COMES_BACK'] === 'true';
const JOINS = Number(process.env['JOINS'] ?? 40);

/** How long somebody takes to come in, write and have it saved, in milliseconds. */
async function joinAndWrite(syncUrl: string, document: string): Promise<{ joinMs: number; savedMs: number }> {
  const begun = performance.now();
  const doc = new Y.Doc();
  const provider = new ScriptoriumProvider(syncUrl, document, doc);
  try {
    await provider.whenSynced();
    const joinMs = performance.now() - begun;
    doc.getText().insert(0, 'x');
    await provider.whenSaved();
    return { joinMs, savedMs: performance.now() - begun };
  } finally {
    doc.destroy();
  }
}

test(`${SILENT} connections that say nothing, ${DRIPPING} that drip and ${FLOODING} that flood, from the same address: honest people still join within a second`, {
  timeout: 180_000,
}, async () => {
  const server = await startMeasuredServer();
  const room = new HealthyRoom(server.syncUrl);
  await room.open();
  await joinAndWrite(server.syncUrl, 'warm-up');
  const usual = await room.writeDuring(2_000);
  const before = await server.memory();
  const crowd = startBeside('./crowd-load.ts', {
    port: Number(new URL(server.url).port),
    silent: SILENT,
    dripping: DRIPPING,
    flooding: FLOODING,
    comesBack: String(COMES_BACK),
  });
  onTestFinished(() => crowd.kill('SIGKILL'));
  const opening = await room.writeDuring(crowd.line((line) => line.includes('"opened"')));
  const joins: { joinMs: number; savedMs: number }[] = [];
  const honest = (async () => {
    for (let i = 0; i < JOINS; i++) joins.push(await joinAndWrite(server.syncUrl, `honest-${i % 5}`));
    // Also into the document that is flooded.
    joins.push(await joinAndWrite(server.syncUrl, 'crowd'));
  })();
  const during = await room.writeDuring(Promise.all([honest, new Promise((resolve) => setTimeout(resolve, 3_000))]));
  const crowded = await server.memory();
  crowd.kill('SIGKILL');
  await crowd.ended;
  await expect.poll(async () => (await server.memory()).usedBytes - before.usedBytes).toBeLessThan(10 * 2 ** 20);
  const slowest = {
    joinMs: Math.max(...joins.map(({ joinMs }) => joinMs)),
    savedMs: Math.max(...joins.map(({ savedMs }) => savedMs)),
  };
  const median = joins.map(({ joinMs }) => joinMs).sort((a, b) => a - b)[Math.floor(joins.length / 2)];
  console.log(
    JSON.stringify({ usual, opening, during, slowest, median, before, crowded, after: await server.memory() }),
  );

  expect(slowest.joinMs).toBeLessThan(1_000);
  expect(room.peers.map(({ status }) => status)).toEqual(room.peers.map(() => 'synced'));
  const texts = await room.settle();
  for (const text of texts) expect(text).toEqual(texts[0]);
  expect(server.program.stdout).not.toMatch(/"level":[56]0/);
});
