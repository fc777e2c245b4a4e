import { setTimeout as sleep } from 'node:timers/promises';
import type { Pinning } from '../core.ts';
import { DOCUMENT_END, recordedDocument, seedRoom } from '../generator/document.ts';
import { updateMessage } from '../generator/message.ts';
import { Peer, type Target } from '../generator/peer.ts';
import { within } from '../generator/within.ts';
import type { Server } from '../servers.ts';
import { type BenchServer, settled, withFolder, withServer } from './bench-server.ts';

const ROOMS = 1_000;
const DOCUMENT_BYTES = 96_000;
const CONNECTIONS = 5_000;
const AT_ONCE = 20;
const JOIN_TIMEOUT_MS = 30_000;

/** The resident memory of one open room with a document and one peer that does nothing, in bytes. */
export async function measureIdleRooms(server: Server, pinning: Pinning): Promise<number> {
  const document = recordedDocument(DOCUMENT_BYTES);
  return withFolder(async (folder) => {
    const stores = server.keeps !== 'nothing' && server.keeps !== 'in memory';
    if (stores) {
      // Written by one process and opened by the next one, as after a restart.
      const write = async (running: BenchServer) => {
        await inTurns(ROOMS, async (i) => (await seedRoom(running, `room-${i}`, document)).leave());
        await settled(running, 60_000);
      };
      await withServer(server, pinning, write, folder);
    }
    const open = async (target: Target, i: number): Promise<Peer> => {
      if (server.keeps === 'in memory') return seedRoom(target, `room-${i}`, document);
      const peer = new Peer(target, `room-${i}`, { awaits: stores ? [DOCUMENT_END] : [] });
      await within(JOIN_TIMEOUT_MS, 'joining a room', peer.synced);
      if (!stores) peer.send(updateMessage(document.update));
      return peer;
    };
    return withServer(server, pinning, (running) => memoryOf(running, ROOMS, open), folder);
  });
}

/** The resident memory of one connection that does nothing, in bytes. All are in one room, which is empty. */
export async function measureIdleConnections(server: Server, pinning: Pinning): Promise<number> {
  const open = async (target: Target): Promise<Peer> => {
    const peer = new Peer(target, 'room');
    await within(JOIN_TIMEOUT_MS, 'joining a room', peer.synced);
    return peer;
  };
  return withServer(server, pinning, (running) => memoryOf(running, CONNECTIONS, open));
}

async function memoryOf(
  running: BenchServer,
  count: number,
  open: (target: Target, i: number) => Promise<Peer>,
): Promise<number> {
  const peers: Peer[] = [];
  try {
    // The first ones make what is there once: code, buffers, threads.
    for (let i = 0; i < AT_ONCE; i++) (await open(running, i)).leave();
    await sleep(500);
    await settled(running);
    const before = await running.process.collected();
    await inTurns(count, async (i) => {
      peers.push(await open(running, i));
    });
    await settled(running, 30_000);
    const after = await running.process.collected();
    return (after.rssBytes - before.rssBytes) / count;
  } finally {
    for (const peer of peers) peer.leave();
  }
}

/** Does something so many times, some at once. */
async function inTurns(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
