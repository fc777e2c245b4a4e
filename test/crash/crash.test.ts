import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { seededRandom } from '../support/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Crowd } from './crowd.ts';
import { Ledger } from './ledger.ts';
import { checkServed, reportedErrors, type ServedFolder, serveFolder } from './served-folder.ts';
import { copyOf, readFolder } from './stored-folder.ts';

/** ROUNDS=n kills the server so often; SEED=n makes another course of events. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 24);
const SEED = Number(process.env['SEED'] ?? 1);
const ROUND_MS = 10_000;

/** So that something is nearly always being compacted. */
const LIMITS = { compactEntries: 20, compactBytes: 2_000 };

/** The server dies after so many acks at most, and then up to so many milliseconds later, in the middle of anything. */
const MAX_ACKNOWLEDGED = 2_500;
const MAX_LATER_MS = 30;

const names = (kind: string, count: number) => Array.from({ length: count }, (_, i) => new Ledger(`${kind}-${i}`));

test(`killed ${ROUNDS} times while people type (seed ${SEED}), the server has everything it ever acknowledged`, {
  timeout: ROUNDS * ROUND_MS,
}, async () => {
  const random = seededRandom(SEED);
  const folder = await temporaryFolder();
  const documents = { kept: names('kept', 4), shortLived: names('short-lived', 3) };
  const ledgers = [...documents.kept, ...documents.shortLived];
  const wrong: string[] = [];
  const reported: string[] = [];
  let compactionsCut = 0;
  const snapshots = new Set<string>();

  const restart = async (round: number): Promise<ServedFolder> => {
    const server = await serveFolder(folder, LIMITS);
    wrong.push(...(await checkServed(server, ledgers)).map((what) => `after kill ${round}: ${what}`));
    return server;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const server = await restart(round);
    const crowd = new Crowd(server, documents, random);
    await crowd.until(Math.floor(random() ** 2 * MAX_ACKNOWLEDGED));
    await delay(random() * MAX_LATER_MS); // no condition: the moment is meant to be any
    await crowd.kill();
    expect((await server.program.ended).signal).toBe('SIGKILL');
    reported.push(...reportedErrors(server));
    const stored = await readFolder(await copyOf(folder), ledgers);
    for (const [document, { entries, snapshotSeq, snapshotBytes }] of stored) {
      if (entries >= LIMITS.compactEntries * Math.max(1, snapshotBytes / 32_768)) compactionsCut++;
      if (snapshotSeq > 0) snapshots.add(`${document} ${snapshotSeq}`);
    }
  }
  await restart(ROUNDS);

  const sum = (of: (ledger: Ledger) => number) => ledgers.reduce((total, ledger) => total + of(ledger), 0);
  const [acknowledged, deleted, lost] = [sum((l) => l.acknowledged), sum((l) => l.deletions), sum((l) => l.lost)];
  console.log(
    `crash: seed ${SEED}, ${ROUNDS} rounds, ${ROUNDS} kills, with ${compactionsCut} compactions cut short and ` +
      `${snapshots.size} different snapshots found, ${acknowledged} changes and ${deleted} deletions of documents acknowledged, ${lost} lost`,
  );
  expect(wrong).toEqual([]);
  expect(reported).toEqual([]);
  expect(acknowledged).toBeGreaterThan(ROUNDS);
});
