import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { checkStore, LevelStorage, repairStore } from '../../persistence/index.ts';
import * as format from '../../persistence/level-format.ts';
import { readStoredDocument } from '../../server/stored-document.ts';
import { rejection } from '../support/error-code.ts';
import {
  AT,
  DAMAGES,
  EPOCH,
  everything,
  flip,
  makeStore,
  PARTS,
  partsOf,
  putTogether,
  raw,
} from '../support/raw-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A store in a folder of its own folder, because a repair writes beside it. */
async function store(documents = ['a', 'damaged', 'z']): Promise<string> {
  const folder = `${await temporaryFolder()}/data`;
  await makeStore(folder, documents);
  return folder;
}

/** A document as a server would load it. */
async function load(folder: string, document: string) {
  const storage = new LevelStorage(folder);
  await storage.open();
  try {
    const info = await storage.info(document);
    const stored = await readStoredDocument(document, storage);
    const doc = new Y.Doc();
    if (stored?.snapshot) Y.applyUpdateV2(doc, stored.snapshot.update);
    for (const { update } of stored?.entries ?? []) Y.applyUpdate(doc, update);
    return { info, stored, doc };
  } finally {
    await storage.close();
  }
}

const beside = async (folder: string): Promise<string[]> =>
  (await readdir(dirname(folder))).filter((name) => name !== basename(folder));

describe('repair', () => {
  test.each(DAMAGES)('recovers all that can be read, and only of that document: $what', async (damage) => {
    const folder = await store();
    await damage.damage(folder, 'damaged');
    const others = [await everything(folder, 'a'), await everything(folder, 'z')];
    const { repaired, healthy } = await repairStore(folder, { documents: 'damaged' });
    expect([repaired.length, healthy]).toEqual([1, 2]);
    const { doc, info, stored } = await load(folder, 'damaged');
    expect(partsOf(doc)).toEqual(damage.parts);
    expect(info?.epoch).not.toBe(EPOCH);
    expect(stored?.entries.every(({ user, at }) => user === 'ada' && at >= AT)).toBe(true);
    expect([await everything(folder, 'a'), await everything(folder, 'z')]).toEqual(others);
    expect((await checkStore(folder)).problems).toEqual([]);
  });

  test.each(DAMAGES)('says what was left out and what was mended: $what', async (damage) => {
    const folder = await store();
    await damage.damage(folder, 'damaged');
    const { repaired } = await repairStore(folder, { documents: ['damaged'] });
    const problem = { document: 'damaged', ...damage.problem };
    const isRecord = 'kind' in damage.problem && damage.problem.kind === 'record';
    expect(repaired).toMatchObject([
      { document: 'damaged', mended: isRecord ? [problem] : [], leftOut: isRecord ? [] : [problem] },
    ]);
  });

  test.each(DAMAGES)('keeps a copy of every byte that was stored of the document: $what', async (damage) => {
    const folder = await store();
    await damage.damage(folder, 'damaged');
    const stored = await raw(folder, (level) => level.iterator().all());
    const { copy = '' } = await repairStore(folder, { documents: 'damaged' });
    expect(await beside(folder)).toEqual([basename(copy)]);
    expect(basename(copy)).toMatch(/^data-repair-[\dTZ-]+\.ndjson$/);
    const [header, ...lines] = (await readFile(copy, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({ document: 'damaged', problems: [expect.any(String)] });
    const expected = stored.filter(([key]) => key.split('\0')[1] === 'damaged');
    const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);
    expect(lines.sort(byKey)).toEqual(
      expected.map(([key, value]) => ({ key, value: Buffer.from(value).toString('base64') })).sort(byKey),
    );
  });

  test('changes nothing of a store that is in order, and makes no file', async () => {
    const folder = await store();
    const before = await everything(folder);
    for (const documents of ['damaged', ['a']] as const) {
      expect(await repairStore(folder, { documents })).toMatchObject({ repaired: [], copy: undefined, renewed: 0 });
    }
    expect(await repairStore(folder, { documents: 'damaged', acceptLoss: true })).toMatchObject({ renewed: 0 });
    expect(await everything(folder)).toEqual(before);
    expect(await beside(folder)).toEqual([]);
  });

  test('does nothing the second time', async () => {
    const folder = await store();
    for (const { damage } of DAMAGES.slice(0, 3)) await damage(folder, 'damaged');
    await repairStore(folder, { documents: 'damaged' });
    const before = await everything(folder);
    expect(await repairStore(folder, { documents: 'damaged' })).toMatchObject({ repaired: [], healthy: 3 });
    expect(await everything(folder)).toEqual(before);
  });

  test('keeps the title where the record can be read, and what looks like it where it cannot', async () => {
    const folder = await store(['a', 'b', 'c']);
    await DAMAGES[0]?.damage(folder, 'a');
    await raw(folder, async (level) => {
      const key = format.documentKey('b');
      const record = Buffer.from((await level.get(key)) ?? []).toString('latin1');
      await level.put(key, Buffer.from(record.replace(EPOCH, 'epoch-7'), 'latin1'));
      await level.put(format.documentKey('c'), Uint8Array.of(1, 2, 3));
    });
    const { repaired } = await repairStore(folder, { documents: 'damaged' });
    expect(repaired.map(({ title }) => title)).toEqual(['Title of a', 'Title of b', undefined]);
    expect((await load(folder, 'a')).info).toMatchObject({ title: 'Title of a', createdAt: AT });
    expect((await load(folder, 'c')).info).toMatchObject({ title: '', createdAt: AT + 2 });
  });

  test('keeps all but the entries that are damaged where several are stored together', async () => {
    const folder = await store(['a', 'b']);
    await putTogether(folder, 'a', 3, 4);
    await flip(folder, await putTogether(folder, 'a', 5, 6));
    await putTogether(folder, 'b', 3, 6);
    await repairStore(folder, { documents: 'damaged' });
    expect(partsOf((await load(folder, 'a')).doc)).toEqual([1, 2, 3, 4]);
    expect(partsOf((await load(folder, 'b')).doc)).toEqual(PARTS);
  });

  test('keeps updates that build upon something that is missing, held back until it comes', async () => {
    const folder = await store([]);
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    for (const word of ['one ', 'two ', 'three ']) doc.getText().insert(doc.getText().length, word);
    const storage = new LevelStorage(folder);
    await storage.open();
    await storage.create('text', { epoch: EPOCH, at: AT });
    for (const update of updates) await storage.append('text', EPOCH, [{ at: AT, update }]);
    await storage.close();
    await raw(folder, (level) => level.del(format.entryKey('text', EPOCH, 2)));
    await repairStore(folder, { documents: 'damaged' });
    const repaired = (await load(folder, 'text')).doc;
    expect(repaired.getText().toString()).toBe('one ');
    Y.applyUpdate(repaired, updates[1] ?? new Uint8Array());
    expect(repaired.getText().toString()).toBe('one two three ');
  });

  test('of a document without a record, loses the content of no epoch, and brings back none that was deleted', async () => {
    const folder = await store(['damaged']);
    // The same document under a second and a third epoch; the third was deleted.
    await raw(folder, async (level) => {
      const read = async (key: string) => (await level.get(key)) ?? new Uint8Array();
      const snapshotKey = format.snapshotKey('damaged', EPOCH);
      const entryKey = format.entryKey('damaged', EPOCH, 5);
      const snapshot = format.decodeSnapshot(snapshotKey, await read(snapshotKey));
      const entries = format.decodeEntries(entryKey, await read(entryKey));
      const second = format.snapshotKey('damaged', 'second');
      const third = format.entryKey('damaged', 'third', 1);
      await level.put(second, format.encodeSnapshot(second, snapshot));
      await level.put(third, format.encodeEntries(third, entries));
      await level.put(format.goneKey('damaged', 'third'), new Uint8Array());
      for (const seq of [3, 4, 5, 6]) await level.del(format.entryKey('damaged', EPOCH, seq));
      const first = format.entryKey('damaged', EPOCH, 3);
      await level.put(first, format.encodeEntries(first, entries));
      await level.del(snapshotKey);
      await level.del(format.documentKey('damaged'));
    });
    await repairStore(folder, { documents: 'damaged' });
    expect(partsOf((await load(folder, 'damaged')).doc)).toEqual([1, 2, 5]);
  });

  test('says when a document that was named is not there', async () => {
    const error = await rejection(repairStore(await store(), { documents: ['no'] }));
    expect(error?.code).toBe('DOCUMENT_NOT_FOUND');
  });
});

describe('a store in which acknowledged writes are missing', () => {
  async function lossy(): Promise<string> {
    const folder = await store();
    await raw(folder, (level) => level.put(format.COMMITS_KEY, Buffer.from('1')));
    return folder;
  }

  test('is refused without --accept-loss, and stays as it is', async () => {
    const folder = await lossy();
    const before = await everything(folder);
    expect((await rejection(repairStore(folder, { documents: 'damaged' })))?.message).toContain('--accept-loss');
    expect(await everything(folder)).toEqual(before);
  });

  test('opens once the loss is accepted, with all that is there and new epochs', async () => {
    const folder = await lossy();
    await DAMAGES[2]?.damage(folder, 'damaged');
    expect(await repairStore(folder, { acceptLoss: true })).toMatchObject({ renewed: 2, repaired: [] });
    for (const document of ['a', 'z']) {
      const { doc, info } = await load(folder, document);
      expect(partsOf(doc)).toEqual(PARTS);
      expect(info).toMatchObject({ title: `Title of ${document}`, createdAt: AT });
      expect(info?.epoch).not.toBe(EPOCH);
    }
    // What is damaged is left for a repair of its own.
    expect((await checkStore(folder)).problems).toHaveLength(1);
    expect(await repairStore(folder, { documents: 'damaged', acceptLoss: true })).toMatchObject({ renewed: 0 });
    expect((await checkStore(folder)).problems).toEqual([]);
  });
});
