import { describe, expect, test } from 'vitest';
import type { Database, Operation } from '../../persistence/level-database.ts';
import * as format from '../../persistence/level-format.ts';
import { bringUpToDate, MIGRATIONS, type Migration } from '../../persistence/level-migration.ts';
import { rejection } from '../support/error-code.ts';
import { raw } from '../support/raw-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A store of a made-up version 1, in which titles are in keys `t1`, `t2`, ... */
async function oldStore(): Promise<string> {
  const folder = await temporaryFolder();
  await raw(folder, async (db) => {
    await db.put(format.FORMAT_KEY, bytes('1'));
    for (let i = 0; i < 20; i++) await db.put(`t${i}`, bytes(`title ${i}`));
  });
  return folder;
}

/** Version 2 calls them `title·n`; version 3 writes them in upper case. Dies after so many writes. */
function migrations(deaths: number[] = []): Migration[] {
  let writesLeft = deaths.shift() ?? Number.POSITIVE_INFINITY;
  const write = async (db: Database, operations: Operation[]): Promise<void> => {
    if (writesLeft-- <= 0) {
      writesLeft = deaths.shift() ?? Number.POSITIVE_INFINITY;
      throw new Error('died');
    }
    await db.batch(operations, { sync: true });
  };
  return [
    {
      from: 2,
      to: 3,
      async migrate(db) {
        for (const [key, value] of await db.iterator({ gte: 'title ', lt: 'title~' }).all()) {
          await write(db, [{ type: 'put', key, value: bytes(Buffer.from(value).toString().toUpperCase()) }]);
        }
      },
    },
    {
      from: 1,
      to: 2,
      async migrate(db) {
        for (const [key, value] of await db.iterator({ gte: 't0', lt: 't9~' }).all()) {
          await write(db, [
            { type: 'del', key },
            { type: 'put', key: `title ${key.slice(1)}`, value },
          ]);
        }
      },
    },
  ];
}

const dump = (folder: string): Promise<Record<string, string>> =>
  raw(folder, async (db) =>
    Object.fromEntries((await db.iterator().all()).map(([key, value]) => [key, Buffer.from(value).toString()])),
  );

const MIGRATED = {
  [format.FORMAT_KEY]: '3',
  ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`title ${i}`, `TITLE ${i}`])),
};

describe('a store of an older version', () => {
  test('is brought up to date by one migration after the other', async () => {
    const folder = await oldStore();
    await raw(folder, (db) => bringUpToDate(db, folder, migrations(), 3));
    expect(await dump(folder)).toEqual(MIGRATED);
  });

  test('is brought only as far as this program reads', async () => {
    const folder = await oldStore();
    await raw(folder, (db) => bringUpToDate(db, folder, migrations(), 2));
    expect(await dump(folder)).toMatchObject({ [format.FORMAT_KEY]: '2', 'title 0': 'title 0' });
  });

  test('is in the same state in the end, wherever it was cut off and however often', async () => {
    const folder = await oldStore();
    const deaths = [0, 5, 3, 12, 7, 0, 19, 4];
    const list = migrations(deaths);
    let died = 0;
    for (;;) {
      // Opened anew each time, as a process is started again.
      const done = await raw(folder, (db) => bringUpToDate(db, folder, list, 3)).then(
        () => true,
        () => false,
      );
      if (done) break;
      died++;
      // The version is never ahead of what is done.
      const stored = await dump(folder);
      const old = Object.keys(stored).filter((key) => /^t\d/.test(key)).length;
      expect(stored[format.FORMAT_KEY]).toEqual(old > 0 ? '1' : expect.stringMatching(/^[12]$/));
    }
    expect(died).toBe(8);
    expect(await dump(folder)).toEqual(MIGRATED);
  });

  test('is refused where no migration begins with it, and left as it is', async () => {
    const folder = await oldStore();
    const before = await dump(folder);
    const error = await rejection(raw(folder, (db) => bringUpToDate(db, folder, migrations().slice(0, 1), 3)));
    expect(error?.code).toBe('STORE_UNAVAILABLE');
    expect(error?.message).toContain('has format 1; this program reads format 3');
    expect(await dump(folder)).toEqual(before);
  });
});

test('a store that is up to date is not written to', async () => {
  const folder = await oldStore();
  const before = await dump(folder);
  await raw(folder, (db) => bringUpToDate(db, folder, migrations(), 1));
  expect(await dump(folder)).toEqual(before);
});

test('a store without a version is new when it is empty, else it is refused and left as it is', async () => {
  const folder = await oldStore();
  await raw(folder, (db) => db.del(format.FORMAT_KEY));
  const before = await dump(folder);
  const error = await rejection(raw(folder, (db) => bringUpToDate(db, folder, migrations(), 3)));
  expect(error?.message).toContain('no format version');
  expect(await dump(folder)).toEqual(before);

  const empty = await temporaryFolder();
  await raw(empty, (db) => bringUpToDate(db, empty, migrations(), 3));
  expect(await dump(empty)).toEqual({ [format.FORMAT_KEY]: '3' });
});

test('the migrations of this program lead from version 1 to the current one', () => {
  let version = 1;
  for (let next = MIGRATIONS.find(({ from }) => from === version); next; ) {
    expect(next.to).toBeGreaterThan(version);
    version = next.to;
    next = MIGRATIONS.find(({ from }) => from === version);
  }
  expect(version).toBe(format.FORMAT_VERSION);
});
