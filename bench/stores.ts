import { LevelStorage } from '../persistence/index.ts';
import { databaseIn } from '../persistence/level-database.ts';
import { AppendQueue } from '../server/append-queue.ts';
import { Budget } from '../server/budget.ts';
import { systemClock } from '../server/clock.ts';
import { CommitPacer } from '../server/commit-pacer.ts';
import { type Compactor, workerCompactor } from '../server/compactor.ts';
import { eventLoopLoad } from '../server/core-load.ts';
import { DEFAULT_LIMITS } from '../server/options.ts';
import { readStoredDocument } from '../server/stored-document.ts';

/** Something that keeps the keystrokes of rooms in a folder. */
export interface Store {
  /** Makes what a room needs before its first keystroke. */
  addRoom(room: string): Promise<void>;
  /** Resolves when the keystroke counts as stored, whatever the store takes for that. */
  append(room: string, update: Uint8Array): Promise<unknown>;
  /** The same, where typing does not wait. Default: `append`. */
  enqueue?(room: string, update: Uint8Array): Promise<unknown>;
  /** Puts one snapshot in the place of a room's keystrokes. */
  compact?(room: string): Promise<void>;
  close(): Promise<void>;
}

/** How a contestant is called, and how to open it. */
export interface Contestant {
  readonly name: string;
  open(folder: string): Promise<Store>;
}

const EPOCH = 'bench';

/** LevelStorage behind the server's own queue: group commit, synced. */
export const ours: Contestant = {
  name: 'ours (synced)',
  async open(folder) {
    const storage = new LevelStorage(folder);
    await storage.open();
    const queues = new Map<string, Enqueue>();
    const pacer = new CommitPacer(systemClock, eventLoopLoad());
    let compactor: Compactor | undefined;
    return {
      async addRoom(room) {
        await storage.create(room, { epoch: EPOCH, at: 0 });
        queues.set(room, queueOf(storage, room, pacer));
      },
      append: (room, update) => storage.append(room, EPOCH, [{ at: Date.now(), update }]),
      enqueue: async (room, update) => queues.get(room)?.(update),
      async compact(room) {
        compactor ??= workerCompactor(DEFAULT_LIMITS);
        const stored = await readStoredDocument(room, storage);
        const last = stored?.entries.at(-1);
        if (stored === undefined || last === undefined) return;
        const { snapshot, entries } = stored;
        const updates = entries.map(({ update }) => update);
        const compacted = await compactor.compact(snapshot?.update, updates);
        await storage.replaceSnapshot(room, EPOCH, snapshot?.seq ?? 0, { seq: last.seq, ...compacted });
      },
      async close() {
        await compactor?.close();
        await storage.close();
      },
    };
  },
};

/** A `put` with `sync` for each update: the simplest thing that keeps what it acknowledges. */
export const syncedPut: Contestant = {
  name: 'put (synced)',
  async open(folder) {
    const db = databaseIn(folder);
    await db.open();
    const counts = new Map<string, number>();
    return {
      addRoom: async () => {},
      append(room, update) {
        const count = (counts.get(room) ?? 0) + 1;
        counts.set(room, count);
        return db.put(`${room}/${count.toString(16).padStart(12, '0')}`, update, { sync: true });
      },
      close: () => db.close(),
    };
  },
};

/** y-leveldb, which does not sync: what it acknowledges is lost with the machine. */
export const yLeveldb: Contestant = {
  name: 'y-leveldb (not synced)',
  async open(folder) {
    const { openYLeveldb } = await import('./peers/y-leveldb.js');
    return { addRoom: async () => {}, ...openYLeveldb(folder) };
  },
};

type Enqueue = (update: Uint8Array) => Promise<void>;

/** The queue that a room of the server has before the store. */
function queueOf(storage: LevelStorage, room: string, pacer: CommitPacer): Enqueue {
  const waiting: (() => void)[] = [];
  const queue: AppendQueue = new AppendQueue({
    clock: systemClock,
    budget: new Budget(Number.POSITIVE_INFINITY),
    pacer,
    storeTimeoutMs: DEFAULT_LIMITS.storeTimeoutMs,
    async append(entries) {
      await storage.append(room, EPOCH, entries);
      queue.shift(entries.length);
      for (const resolve of waiting.splice(0, entries.length)) resolve();
    },
    onTrouble: (trouble) => {
      if (trouble) throw trouble;
    },
    onLost: (error) => {
      throw error;
    },
  });
  return (update) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      queue.add({ at: Date.now(), update });
    });
}
