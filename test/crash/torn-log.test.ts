import { appendFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ScriptoriumError } from '../../protocol/index.ts';
import { seededRandom } from '../support/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Crowd } from './crowd.ts';
import { Ledger } from './ledger.ts';
import { checkServed, serveFolder } from './served-folder.ts';
import { copyOf, readFolder } from './stored-folder.ts';

/** CUTS=n cuts so often after each crash; SEED=n cuts elsewhere. */
const CUTS = Number(process.env['CUTS'] ?? 40);
const SEED = Number(process.env['SEED'] ?? 1);
const CRASHES = 3;
const ACKNOWLEDGED = 400;
const LIMITS = { compactEntries: 20, compactBytes: 2_000 };

/** What of a folder is wrong: undefined when it was refused with a clear message. */
async function verdict(folder: string, ledgers: readonly Ledger[]): Promise<string[] | undefined> {
  try {
    const stored = await readFolder(folder, ledgers);
    return ledgers.flatMap((ledger) => ledger.compare(stored.get(ledger.document)?.text));
  } catch (error) {
    if (!isClearRefusal(error)) throw error;
    return undefined;
  }
}

function isClearRefusal(error: unknown): boolean {
  return error instanceof ScriptoriumError && error.code === 'STORE_UNAVAILABLE' && /acknowledged/.test(error.message);
}

/** The log that LevelDB wrote last, and its size. */
async function newestLog(folder: string): Promise<{ path: string; bytes: number }> {
  const logs = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  const path = join(folder, logs.at(-1) ?? 'none.log');
  return { path, bytes: (await stat(path)).size };
}

test(`whatever a crash leaves of LevelDB's log (seed ${SEED}), the store has all it acknowledged or refuses to open`, {
  timeout: 120_000,
}, async () => {
  const random = seededRandom(SEED);
  const folder = await temporaryFolder();
  const documents = { kept: [new Ledger('a'), new Ledger('b')], shortLived: [new Ledger('c'), new Ledger('d')] };
  const ledgers = [...documents.kept, ...documents.shortLived];
  const counts = { whole: 0, refused: 0 };

  for (let crash = 0; crash < CRASHES; crash++) {
    const server = await serveFolder(folder, LIMITS);
    expect(await checkServed(server, ledgers)).toEqual([]);
    const crowd = new Crowd(server, documents, random);
    await crowd.until(Math.floor(ACKNOWLEDGED * (0.5 + random())));
    await crowd.kill();
    expect(await verdict(await copyOf(folder), ledgers)).toEqual([]);

    for (let cut = 0; cut < CUTS; cut++) {
      const copy = await copyOf(folder);
      const { path, bytes } = await newestLog(copy);
      const left = cut === 0 ? 0 : Math.floor(bytes * (1 - random() ** 4));
      await truncate(path, Math.min(left, bytes - 1));
      const wrong = await verdict(copy, ledgers);
      expect(wrong ?? [], `after crash ${crash}, ${left} of ${bytes} bytes of the log left`).toEqual([]);
      counts[wrong === undefined ? 'refused' : 'whole']++;
      // Refused once, refused for ever: nothing was made good by opening it.
      if (wrong === undefined) expect(await verdict(copy, ledgers)).toBeUndefined();
      await rm(copy, { recursive: true });
    }
  }
  console.log(
    `torn files: seed ${SEED}, ${CRASHES} kills, ${CRASHES * CUTS} cuts: ${counts.refused} refused, ` +
      `${counts.whole} opened with all that was acknowledged, 0 served less`,
  );
  expect(counts.refused).toBeGreaterThan(0);
});

test('the program refuses a folder whose log lacks what it had acknowledged: it says so and ends with 1', async () => {
  const folder = await temporaryFolder();
  const documents = { kept: [new Ledger('a')], shortLived: [] };
  const crowd = new Crowd(await serveFolder(folder), documents, seededRandom(SEED));
  await crowd.until(100);
  await crowd.kill();
  const { path, bytes } = await newestLog(folder);
  await truncate(path, bytes >> 1);
  await expect(serveFolder(folder)).rejects.toThrow(/ended \(1\)[\s\S]*acknowledged/);
});

test('a write that nobody was told of may be torn: the store opens with all that was acknowledged', async () => {
  const random = seededRandom(SEED);
  const folder = await temporaryFolder();
  const documents = { kept: [new Ledger('a'), new Ledger('b')], shortLived: [] };
  const crowd = new Crowd(await serveFolder(folder), documents, random);
  await crowd.until(100);
  await crowd.kill();
  for (let tail = 1; tail <= 20; tail++) {
    const copy = await copyOf(folder);
    const { path } = await newestLog(copy);
    // A block of zeros, as some file systems leave it, or the first bytes of a record and what was there before.
    const torn = Uint8Array.from({ length: tail * 37 }, () => (tail % 2 === 0 ? 0 : Math.floor(random() * 256)));
    await appendFile(path, torn);
    expect(await verdict(copy, documents.kept), `${torn.length} bytes more`).toEqual([]);
  }
});
