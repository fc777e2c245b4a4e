import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../test/support/random.ts';
import { DOCUMENT_END, recordedDocument, seedRoom } from '../generator/document.ts';
import { editsIn } from '../generator/marker.ts';
import { atRandomTimes } from '../generator/pace.ts';
import { readDocument } from '../generator/reader.ts';
import { Room } from '../generator/room.ts';
import { Samples } from '../generator/samples.ts';
import type { Tally } from '../generator/tally.ts';
import { TEXT_NAME } from '../generator/typist.ts';
import { type BenchServer, passTurn, settled } from './bench-server.ts';
import { Meter, type Metered } from './meter.ts';
import type { Turn } from './turns.ts';

/** People that type and move their cursors, in rooms of one size. Rates are those of each peer. */
export interface Typing {
  readonly rooms: number;
  readonly peers: number;
  readonly editsPerSecond: number;
  readonly movesPerSecond: number;
  /** How long they type while it is measured, in all windows together. */
  readonly seconds: number;
  /** The size of the document that each room begins with, in bytes. Default: none. */
  readonly documentBytes?: number;
  /** How long they type before anything is measured. Default: 10 s. */
  readonly warmUpMs?: number;
  /** How long to wait for what did not come yet. Default: 60 s. */
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
/** What a cold server has not got done is not to burden what is measured; one that can't keep up is late by half a minute. */
const WARM_UP_DRAIN_MS = 60_000;
const DRAIN_MS = 60_000;
/** A window is so long at most. Before times are taken in it they type a while, and all is as it was before the pause. */
const WINDOW_MS = 8_000;
const LEAD_IN_MS = 300;
const LAST_MOVES_MS = 5_000;

/**
 * Opens the rooms, lets their peers type for a while, and tells what that cost. What is sent follows from the seed.
 * Where others have their turns it is measured in several windows, with theirs in between.
 */
export async function measureTyping(
  running: BenchServer,
  name: string,
  typing: Typing,
  seed: number,
  turn?: Turn,
): Promise<Typed> {
  const { rooms: roomCount, peers, editsPerSecond, movesPerSecond, seconds } = typing;
  const { warmUpMs = WARM_UP_MS, drainMs = DRAIN_MS } = typing;
  const random = seededRandom(seed);
  const times = { edits: new Samples(), moves: new Samples(), durable: new Samples() };
  const rooms = Array.from({ length: roomCount }, (_, i) => new Room(running, `${name}-${i}`, peers, times));
  const tallies = rooms.map(({ tally }) => tally);
  try {
    await fill(running, rooms, random, typing.documentBytes);

    const actsOf = editsPerSecond + movesPerSecond;
    const act = (): 'edit' | 'move' => {
      const room = rooms[Math.floor(random() * roomCount)];
      const peer = Math.floor(random() * peers);
      const what = random() * actsOf < editsPerSecond ? 'edit' : 'move';
      room?.[what](peer);
      return what;
    };
    const type = (forMs: number, onAct: (what: 'edit' | 'move') => void, late: Samples): Promise<void> =>
      atRandomTimes(roomCount * peers * actsOf, forMs, random, () => onAct(act()), late);
    for (const tally of tallies) tally.track();
    await type(warmUpMs, () => {}, new Samples());
    await come(() => tallies.every(hasAll), WARM_UP_DRAIN_MS);

    const meter = new Meter(running);
    const sent = { edit: 0, move: 0 };
    const late = new Samples();
    const windows = turn === undefined ? 1 : Math.ceil((seconds * 1000) / WINDOW_MS);
    let [sentMs, lost] = [0, 0];
    for (let window = 0; window < windows; window++) {
      if (turn !== undefined) await passTurn(running, turn);
      for (const tally of tallies) tally.track();
      await meter.during(async () => {
        const begun = performance.now();
        const count = (what: 'edit' | 'move') => void sent[what]++;
        if (turn !== undefined) await type(LEAD_IN_MS, count, late);
        for (const tally of tallies) tally.measure();
        await type((seconds * 1000) / windows, count, late);
        sentMs += performance.now() - begun;
        await come(() => tallies.every(hasAll), drainMs);
      });
      lost += tallies.reduce((sum, { missing, unconfirmed }) => sum + missing + unconfirmed, 0);
    }

    if (movesPerSecond > 0) {
      for (const room of rooms) room.moveLast();
      await come(() => rooms.every(({ tally }) => tally.missingMoves === 0), LAST_MOVES_MS);
    }
    lost += tallies.reduce((sum, { missingMoves }) => sum + missingMoves, 0);
    for (const room of rooms) room.leave();
    if (lost === 0) for (const { name, tally } of rooms) await checkStored(running, name, tally.next);
    return {
      deliveries: (sent.edit + sent.move) * (peers - 1),
      edits: sent.edit,
      lost,
      ...meter.total,
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

/** Everybody has what was sent, and every author knows that it is durable. */
export function hasAll({ missing, unconfirmed }: Tally): boolean {
  return missing === 0 && unconfirmed === 0;
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
