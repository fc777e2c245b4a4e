import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { MemoryStorage } from '../../persistence/index.ts';
import { systemClock } from '../../server/clock.ts';
import { silentLogger } from '../../server/logger.ts';
import { Metrics } from '../../server/metrics.ts';
import { resolveLimits } from '../../server/options.ts';
import type { RoomPeer } from '../../server/room-peer.ts';
import { Rooms } from '../../server/rooms.ts';
import { snapshotReader } from '../support/snapshot-reader.ts';

const peer = (): RoomPeer => ({
  access: 'write',
  user: null,
  countsEdits: false,
  congested: false,
  send: () => {},
  close: () => {},
});

const edit = (text: string): Uint8Array => {
  const doc = new Y.Doc();
  doc.getText().insert(0, text);
  return Y.encodeStateAsUpdate(doc);
};

test('a room stays open while somebody who came, wrote and left during its last compaction is not durable yet', async () => {
  const storage = new MemoryStorage();
  const { append } = storage;
  const waiting: (() => void)[] = [];
  const compactions: (() => void)[] = [];
  const rooms = new Rooms({
    coreLoad: () => 0,
    storage,
    compactor: {
      compact: () => new Promise((_, reject) => void compactions.push(() => reject(new Error('not now')))),
      close: async () => {},
    },
    snapshotReader,
    metrics: new Metrics(),
    clock: systemClock,
    limits: resolveLimits(),
    logger: silentLogger(),
  });
  const visit = (text: string) =>
    rooms.use('d', (room) => {
      const guest = peer();
      room.join(guest);
      void room.receive(guest, { type: 'update', update: edit(text) });
      room.leave(guest);
    });

  await visit('first');
  await expect.poll(() => compactions.length).toBe(1);
  storage.append = async (...args) => {
    await new Promise<void>((resolve) => void waiting.push(resolve));
    return append.apply(storage, args);
  };
  await visit('second');
  await expect.poll(() => waiting.length).toBe(1);
  compactions[0]?.();
  for (let i = 0; i < 10; i++) await turn();
  expect(rooms.size).toBe(1);
  // Somebody who comes now finds it, and not what is half stored.
  expect(await rooms.use('d', ({ log }) => log.added)).toBe(2);
  storage.append = append;
  for (const release of waiting) release();
  await expect.poll(() => rooms.size).toBe(0);
});
