import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkStore, LevelStorage } from '../../persistence/index.ts';
import * as format from '../../persistence/level-format.ts';
import { describeProblem } from '../../persistence/problem.ts';
import { rejection } from '../support/error-code.ts';
import { AT, DAMAGES, everything, flip, makeStore, PARTS, partUpdate, putTogether, raw } from '../support/raw-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function store(documents = ['a', 'damaged', 'z']): Promise<string> {
  const folder = await temporaryFolder();
  await makeStore(folder, documents);
  return folder;
}

describe('check', () => {
  test('finds nothing wrong with a store that is in order', async () => {
    expect(await checkStore(await store())).toEqual({ documents: 3, entries: 12, problems: [] });
  });

  test('finds nothing wrong with a store that is empty', async () => {
    expect(await checkStore(await store([]))).toEqual({ documents: 0, entries: 0, problems: [] });
  });

  test.each(DAMAGES)('says of a document what is wrong with it, and nothing of others: $what', async (damage) => {
    const folder = await store();
    await damage.damage(folder, 'damaged');
    const { documents, problems } = await checkStore(folder);
    expect(documents).toBe(3);
    expect(problems).toEqual([{ document: 'damaged', ...damage.problem }]);
  });

  test.each(DAMAGES)('changes nothing that is stored: $what', async (damage) => {
    const folder = await store();
    await damage.damage(folder, 'damaged');
    const before = await everything(folder);
    await checkStore(folder);
    expect(await everything(folder)).toEqual(before);
  });

  test('says which entries are lost where several are stored together, or one of them makes no sense', async () => {
    const folder = await store();
    await flip(folder, await putTogether(folder, 'damaged', 4, 6));
    const key = await putTogether(folder, 'z', 3, 5);
    await raw(folder, async (level) => {
      const [first, ...rest] = format.decodeEntries(key, (await level.get(key)) ?? new Uint8Array());
      if (first === undefined) throw new Error('no entries');
      await level.put(key, format.encodeEntries(key, [{ ...first, update: Uint8Array.of(1, 1, 255) }, ...rest]));
    });
    const { entries, problems } = await checkStore(folder);
    expect(problems).toEqual([
      { document: 'damaged', kind: 'entry', seq: 4, lastSeq: 6, message: 'its checksum is wrong' },
      { document: 'z', kind: 'entry', seq: 3, message: 'it does not decode' },
    ]);
    expect(entries).toBe(4 + 1 + 3);
    expect(problems.map(describeProblem)).toEqual([
      'entries 4 to 6: its checksum is wrong',
      'entry 3: it does not decode',
    ]);
  });

  test('says all that is wrong with one document, and tells of it as it goes', async () => {
    const folder = await store();
    for (const { what, damage } of DAMAGES) if (what !== 'a missing snapshot') await damage(folder, 'damaged');
    const told: unknown[] = [];
    const { problems } = await checkStore(folder, [], (problem) => told.push(problem));
    expect(told).toEqual(problems);
    expect(problems.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['record', undefined],
      ['snapshot', undefined],
      ['entry', 4],
      ['entry', 6],
    ]);
  });

  test('reads only the documents that are named, and says when there is no such document', async () => {
    const folder = await store();
    await DAMAGES[0]?.damage(folder, 'damaged');
    expect(await checkStore(folder, ['a', 'z'])).toMatchObject({ documents: 2, problems: [] });
    expect((await checkStore(folder, ['damaged'])).problems).toHaveLength(1);
    expect((await rejection(checkStore(folder, ['no'])))?.code).toBe('DOCUMENT_NOT_FOUND');
  });

  test('takes what a deletion will still clear for nothing, and what nobody will clear for a leftover', async () => {
    const folder = await store();
    const deleted = format.entryKey('gone', 'old', 1);
    const forgotten = format.entryKey('a', 'old', 1);
    await raw(folder, async (level) => {
      for (const key of [deleted, forgotten]) {
        await level.put(key, format.encodeEntries(key, [{ at: AT, update: partUpdate(1) }]));
      }
      await level.put(format.goneKey('gone', 'old'), new Uint8Array());
    });
    const { documents, problems } = await checkStore(folder);
    expect(documents).toBe(3);
    expect(problems).toEqual([
      { document: 'a', kind: 'leftover', message: '1 entries of another epoch, old, that nothing reads' },
    ]);
  });

  test('says that the record and the snapshot contradict each other', async () => {
    const folder = await store();
    await raw(folder, async (level) => {
      const key = format.documentKey('damaged');
      const record = format.decodeRecord(key, (await level.get(key)) ?? new Uint8Array());
      await level.put(key, format.encodeRecord(key, { ...record, snapshotSeq: 1 }));
    });
    const { problems } = await checkStore(folder);
    expect(problems).toMatchObject([{ document: 'damaged', kind: 'record' }]);
  });

  test('works on a store that no server opens because acknowledged writes are missing, and says so', async () => {
    const folder = await store();
    await raw(folder, (level) => level.put(format.COMMITS_KEY, Buffer.from('1')));
    expect((await rejection(new LevelStorage(folder).open()))?.code).toBe('STORE_UNAVAILABLE');
    const { documents, problems } = await checkStore(folder);
    expect(documents).toBe(3);
    expect(problems).toEqual([
      { kind: 'store', message: 'writes that were acknowledged are missing: it ends at commit 1 of 24' },
    ]);
    // It still does not open: nothing was glossed over.
    expect((await rejection(new LevelStorage(folder).open()))?.code).toBe('STORE_UNAVAILABLE');
  });

  test.each([
    ['99', `it has format 99; this program reads format ${format.FORMAT_VERSION}`],
    [undefined, `it has no format version; this program reads format ${format.FORMAT_VERSION}`],
  ])('says that a store has format %j', async (version, message) => {
    const folder = await store();
    await raw(folder, (level) =>
      version === undefined ? level.del(format.FORMAT_KEY) : level.put(format.FORMAT_KEY, Buffer.from(version)),
    );
    expect((await checkStore(folder)).problems).toEqual([{ kind: 'store', message }]);
  });

  test('makes no folder where there is none', async () => {
    const parent = await temporaryFolder();
    expect((await rejection(checkStore(join(parent, 'missing'))))?.message).toContain('no store in');
    expect((await rejection(checkStore(parent)))?.code).toBe('STORE_UNAVAILABLE');
    expect(await readdir(parent)).toEqual([]);
  });

  test('says that a store is open in another process or in this one', async () => {
    const folder = await store();
    const storage = new LevelStorage(folder);
    await storage.open();
    expect((await rejection(checkStore(folder)))?.code).toBe('STORE_LOCKED');
    await storage.close();
  });

  test('counts what can be read', async () => {
    const folder = await store(['one']);
    await DAMAGES[2]?.damage(folder, 'one');
    expect((await checkStore(folder)).entries).toBe(PARTS.length - 3);
  });
});
