import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keystrokes } from './keystrokes.ts';
import type { Contestant, Store } from './stores.ts';

/** How rooms type. */
export type Typing = 'waiting' | 'pipelined';

/** In a room that does not wait, so many keystrokes are on their way to the store at most: those of people who type. */
export const PIPELINED = 32;

const roomName = (i: number): string => `room-${i}`;

/** Lets rooms type for a while into a new store, and answers how many keystrokes a second were stored. */
export async function measureRate(
  contestant: Contestant,
  folder: string,
  keystrokes: readonly Keystrokes[],
  rooms: number,
  typing: Typing,
  measureMs: number,
): Promise<number> {
  const store = await contestant.open(folder);
  try {
    for (let i = 0; i < rooms; i++) await store.addRoom(roomName(i));
    const write = (typing === 'pipelined' && store.enqueue) || store.append;
    const begun = performance.now();
    const counts = await Promise.all(
      Array.from({ length: rooms }, async (_, i) => {
        const { updates } = keystrokes[i % keystrokes.length] ?? { updates: [] };
        let next = 0;
        const typist = async (): Promise<void> => {
          while (performance.now() - begun < measureMs && next < updates.length) {
            const update = updates[next++];
            if (update) await write(roomName(i), update);
          }
        };
        await Promise.all(Array.from({ length: typing === 'pipelined' ? PIPELINED : 1 }, typist));
        return next;
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - begun) / 1000);
  } finally {
    await store.close();
  }
}

/** The size of a folder at three points of its life, in bytes. */
export interface Sizes {
  readonly appended: number;
  readonly compacted: number | undefined;
  readonly rewritten: number;
}

/** Stores so many keystrokes in each room and looks how large the folder is; each time it is closed, as on disk. */
export async function measureSizes(
  contestant: Contestant,
  folder: string,
  keystrokes: readonly Keystrokes[],
  rooms: number,
  each: number,
  rewrite: (folder: string) => Promise<void>,
): Promise<Sizes> {
  const names = Array.from({ length: rooms }, (_, i) => roomName(i));
  await using(contestant, folder, async (store) => {
    await Promise.all(
      names.map(async (room, i) => {
        await store.addRoom(room);
        const updates = keystrokes[i % keystrokes.length]?.updates.slice(0, each) ?? [];
        for (const update of updates.slice(0, -1)) void store.append(room, update);
        const last = updates.at(-1);
        if (last) await store.append(room, last); // they are stored in order
      }),
    );
  });
  const appended = await sizeOf(folder);
  const compacts = await using(contestant, folder, async (store) => {
    for (const room of names) await store.compact?.(room);
    return store.compact !== undefined;
  });
  const compacted = compacts ? await sizeOf(folder) : undefined;
  await rewrite(folder);
  return { appended, compacted, rewritten: await sizeOf(folder) };
}

async function using<T>(contestant: Contestant, folder: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await contestant.open(folder);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
