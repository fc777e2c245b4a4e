import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../test/support/random.ts';
import { DOCUMENT_END, recordedDocument, seedRoom } from '../generator/document.ts';
import { editsIn } from '../generator/marker.ts';
import { atRandomTimes } from '../generator/pace.ts';
import { readDocument } from '../generator/reader.ts';
import { Room } from '../generator/room.ts';
import { Samples } from '../generator/samples.ts';
import { TEXT_NAME } from '../generator/typist.ts';
import { type BenchServer, settled } from './bench-server.ts';
import { type Metered, startMeter } from './meter.ts';

/** People that type and move their cursors, in rooms of one size. Rates are those of each peer. */
export interface Typing {
  readonly rooms: number;
  readonly peers: number;
  readonly editsPerSecond: number;
  readonly movesPerSecond: number;
  readonly seconds: number;
  /** The size of the document that each room begins with, in bytes. Default: none. */
  readonly documentBytes?: number;
  /** How long they type before anything is measured. Default: 10 s. */
  readonly warmUpMs?: number;
  /** How long to wait for what did not come yet. Default: 15 s. */
  readonly drainMs?: number;
}

/** What that cost. Times in milliseconds. */
export interface Typed extends Metered {
  /** Edits and moves, each once for every peer but its author. */
  readonly deliveries: number;
  readonly edits: number;
  /** Deliveries that did not come. */
  readonly lost: number;
  /** How long it took to send them. */
  readonly sentMs: number;
  /** How late the load generator was, 99th percentile. */
  readonly lateMs: number;
  readonly edit: Latency;
  readonly move: Latency;
  readonly durable: Latency;
}

/** Percentiles in milliseconds; NaN where nothing of the kind was sent. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Until the server's code is compiled for what it does. */
const WARM_UP_MS = 10_000;
/** What a cold server has not got done is not to burden what is measured. */
const WARM_UP_DRAIN_MS = 5_000;
const DRAIN_MS = 15_000;
const LAST_MOVES_MS = 5_000;

/** Opens the rooms, lets their peers type for a while, and tells what that cost. What is sent follows from the seed. */
export async function measureTyping(running: BenchServer, name: string, typing: Typing, seed: number): Promise<Typed> {
  const { rooms: roomCount, peers, editsPerSecond, movesPerSecond, seconds } = typing;
  const { warmUpMs = WARM_UP_MS, drainMs = DRAIN_MS } = typing;
  const random = seededRandom(seed);
  const times = { edits: new Samples(), moves: new Samples(), durable: new Samples() };
  const rooms = Array.from({ length: roomCount }, (_, i) => new Room(running, `${name}-${i}`, peers, times));
  try {
    await fill(running, rooms, random, typing.documentBytes);

    let edits = 0;
    let moves = 0;
    const late = new Samples();
    const actOf = editsPerSecond + movesPerSecond;
    const act = (): void => {
      const room = rooms[Math.floor(random() * roomCount)];
      const peer = Math.floor(random() * peers);
      if (random() * actOf < editsPerSecond) {
        edits++;
        room?.edit(peer);
      } else {
        moves++;
        room?.move(peer);
      }
    };
    const perSecond = roomCount * peers * actOf;
    const allCame = (): boolean => rooms.every(({ tally }) => tally.missing === 0 && tally.unconfirmed === 0);
    const begin = (): void => {
      [edits, moves] = [0, 0];
      for (const samples of Object.values(times)) samples.clear();
      for (const { tally } of rooms) tally.measure();
    };
    begin();
    await atRandomTimes(perSecond, warmUpMs, random, act, new Samples());
    await come(allCame, WARM_UP_DRAIN_MS);

    begin();
    const stopMeter = await startMeter(running);
    const begun = performance.now();
    await atRandomTimes(perSecond, seconds * 1000, random, act, late);
    const sentMs = performance.now() - begun;
    await come(allCame, drainMs);
    const metered = await stopMeter();

    if (movesPerSecond > 0) {
      for (const room of rooms) room.moveLast();
      await come(() => rooms.every(({ tally }) => tally.missingMoves === 0), LAST_MOVES_MS);
    }
    const lost = rooms.reduce((sum, { tally }) => sum + tally.missing + tally.unconfirmed + tally.missingMoves, 0);
    for (const room of rooms) room.leave();
    if (lost === 0) for (const { name, tally } of rooms) await checkStored(running, name, tally.next);
    return {
      deliveries: (edits + moves) * (peers - 1),
      edits,
      lost,
      ...metered,
      sentMs,
      lateMs: late.percentile(0.99),
      edit: latencyOf(times.edits),
      move: latencyOf(times.moves),
      durable: latencyOf(times.durable),
    };
  } finally {
    for (const room of rooms) room.leave();
  }
}

/** Lets the peers into the rooms; where there is a document, it is there first, and everybody has it. */
async function fill(
  running: BenchServer,
  rooms: readonly Room[],
  random: () => number,
  documentBytes: number | undefined,
): Promise<void> {
  if (documentBytes === undefined) {
    for (const room of rooms) await room.fill(random);
    return;
  }
  for (const room of rooms) {
    const writer = await seedRoom(running, room.name, recordedDocument(documentBytes));
    await room.fill(random, { awaits: [DOCUMENT_END] });
    writer.leave();
  }
  await settled(running);
}

export function latencyOf(samples: Samples): Latency {
  return { p50: samples.percentile(0.5), p99: samples.percentile(0.99) };
}

/** Waits until something holds, at most so long. */
export async function come(isSo: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!isSo() && performance.now() < deadline) await sleep(1);
}

/** Joins with a real `Y.Doc` and looks whether every edit is there: what is measured has to be right as well. */
async function checkStored(running: BenchServer, room: string, edits: number): Promise<void> {
  if (!running.dialect.syncs) return;
  const all = Array.from({ length: edits }, (_, number) => number);
  const doc = await readDocument(running, room, all);
  const found = new Set(editsIn(doc.getText(TEXT_NAME).toString()));
  doc.destroy();
  if (found.size !== edits) throw new Error(`${room} has ${found.size} edits of ${edits} that were sent`);
}
