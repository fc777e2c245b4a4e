import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { LevelStorage } from '../../persistence/index.ts';
import { type Database, databaseIn } from '../../persistence/level-database.ts';
import { coveredRange } from '../../persistence/level-format.ts';
import { LevelGarbage } from '../../persistence/level-garbage.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MB = 1024 * 1024;

async function openDatabase(): Promise<Database> {
  const db = databaseIn(await temporaryFolder());
  await db.open();
  onTestFinished(() => db.close());
  return db;
}

const rangeOf = (document: string) => coveredRange(document, 'epoch', 9);

async function bytesIn(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => /\.(ldb|log)$/.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

test('it is not worth the while before some MB were dropped', () => {
  const garbage = new LevelGarbage();
  garbage.dropped('a', rangeOf('a'), 3 * MB);
  expect(garbage.isDue).toBe(false);
  garbage.dropped('b', rangeOf('b'), 2 * MB);
  expect(garbage.isDue).toBe(true);
});

test('what was dropped of many documents of a small store is given back in one go', async () => {
  const db = await openDatabase();
  const compactRange = vi.spyOn(db, 'compactRange');
  const garbage = new LevelGarbage();
  for (const document of ['b', 'c', 'a']) garbage.dropped(document, rangeOf(document), 2 * MB);
  await garbage.collect(db);
  expect(compactRange.mock.calls).toEqual([[rangeOf('a').gt, rangeOf('c').lt]]);
  expect(garbage.isDue).toBe(false);
  await garbage.collect(db);
  expect(compactRange).toHaveBeenCalledTimes(1);
});

test('of a large store only the documents concerned are rewritten', async () => {
  const db = await openDatabase();
  vi.spyOn(db, 'approximateSize').mockResolvedValue(1024 * MB);
  const compactRange = vi.spyOn(db, 'compactRange');
  const garbage = new LevelGarbage();
  for (let i = 0; i < 100; i++) garbage.dropped(`${i % 80}`, rangeOf(`${i % 80}`), MB);
  await garbage.collect(db);
  expect(compactRange).toHaveBeenCalledTimes(64);
  expect(compactRange.mock.calls[5]).toEqual([rangeOf('5').gt, rangeOf('5').lt]);
});

test('afterwards it rests thirty times as long as that took', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const db = await openDatabase();
  vi.spyOn(db, 'compactRange').mockImplementation(async () => void vi.advanceTimersByTime(500));
  const garbage = new LevelGarbage();
  garbage.dropped('a', rangeOf('a'), 5 * MB);
  await garbage.collect(db);
  garbage.dropped('a', rangeOf('a'), 5 * MB);
  vi.advanceTimersByTime(14_900);
  expect(garbage.isDue).toBe(false);
  vi.advanceTimersByTime(200);
  expect(garbage.isDue).toBe(true);
});

test('a store that is closed has given back the MB that a snapshot took the place of', async () => {
  const folder = await temporaryFolder();
  const storage = new LevelStorage(folder);
  await storage.open();
  const made = { epoch: 'epoch', title: '', at: 1 };
  for (const document of ['a', 'b']) {
    await storage.create(document, made);
    for (let i = 0; i < 50; i++) {
      const entries = Array.from({ length: 10 }, () => ({ at: 1, update: randomBytes(20_000) }));
      await storage.append(document, made.epoch, entries);
    }
  }
  const before = await bytesIn(folder);
  expect(before).toBeGreaterThan(15 * MB);
  for (const document of ['a', 'b']) {
    const snapshot = { seq: 500, stateVector: Uint8Array.of(0), update: Uint8Array.of(0) };
    expect(await storage.replaceSnapshot(document, made.epoch, 0, snapshot)).toBe(true);
  }
  await storage.close();
  const after = await bytesIn(folder);
  expect(after).toBeLessThan(before / 4);
});
