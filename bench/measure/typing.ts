import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../test/support/random.ts';
import { editsIn } from '../generator/marker.ts';
import { atRandomTimes } from '../generator/pace.ts';
import { readDocument } from '../generator/reader.ts';
import { Room } from '../generator/room.ts';
import { Samples } from '../generator/samples.ts';
import { TEXT_NAME } from '../generator/typist.ts';
import type { BenchServer } from './bench-server.ts';

/** People that type and move their cursors, in rooms of one size. Rates are those of each peer. */
export interface Typing {
  readonly rooms: number;
  readonly peers: number;
  readonly editsPerSecond: number;
  readonly movesPerSecond: number;
  readonly seconds: number;
}

/** What that cost. Times in milliseconds. */
export interface Typed {
  /** Edits and moves, each once for every peer but its author. */
  readonly deliveries: number;
  readonly edits: number;
  /** Deliveries that did not come. */
  readonly lost: number;
  readonly wallMs: number;
  readonly sentMs: number;
  readonly serverCpuMicros: number;
  readonly serverRssBytes: number;
  readonly generatorCpuMicros: number;
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

const WARM_UP_MS = 1_000;
const DRAIN_MS = 15_000;
const LAST_MOVES_MS = 5_000;

/** Opens the rooms, lets their peers type for a while, and tells what that cost. What is sent follows from the seed. */
export async function measureTyping(running: BenchServer, name: string, typing: Typing, seed: number): Promise<Typed> {
  const { rooms: roomCount, peers, editsPerSecond, movesPerSecond, seconds } = typing;
  const random = seededRandom(seed);
  const times = { edits: new Samples(), moves: new Samples(), durable: new Samples() };
  const rooms = Array.from({ length: roomCount }, (_, i) => new Room(running, `${name}-${i}`, peers, times));
  try {
    for (const room of rooms) await room.fill(random);

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
    await atRandomTimes(perSecond, WARM_UP_MS, random, act, new Samples());

    [edits, moves] = [0, 0];
    for (const { tally } of rooms) tally.measure();
    const usageBefore = await running.process.usage();
    const generatorBefore = process.cpuUsage();
    const begun = performance.now();
    await atRandomTimes(perSecond, seconds * 1000, random, act, late);
    const sentMs = performance.now() - begun;
    await come(() => rooms.every(({ tally }) => tally.missing === 0 && tally.unconfirmed === 0), DRAIN_MS);
    const wallMs = performance.now() - begun;
    const generator = process.cpuUsage(generatorBefore);
    const usage = await running.process.usage();

    if (movesPerSecond > 0) {
      for (const room of rooms) room.moveLast();
      await come(() => rooms.every(({ tally }) => tally.missingMoves === 0), LAST_MOVES_MS);
    }
    return {
      deliveries: (edits + moves) * (peers - 1),
      edits,
      lost: rooms.reduce((sum, { tally }) => sum + tally.missing + tally.unconfirmed + tally.missingMoves, 0),
      wallMs,
      sentMs,
      serverCpuMicros: usage.cpuMicros - usageBefore.cpuMicros,
      serverRssBytes: usage.rssBytes,
      generatorCpuMicros: generator.user + generator.system,
      lateMs: late.percentile(0.99),
      edit: latencyOf(times.edits),
      move: latencyOf(times.moves),
      durable: latencyOf(times.durable),
    };
  } finally {
    for (const room of rooms) room.leave();
    for (const { name, tally } of rooms) await checkStored(running, name, tally.edits);
  }
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
  if (running.server.keeps === 'nothing') return;
  const all = Array.from({ length: edits }, (_, number) => number);
  const doc = await readDocument(running, room, all);
  const found = new Set(editsIn(doc.getText(TEXT_NAME).toString()));
  doc.destroy();
  if (found.size !== edits) throw new Error(`${room} has ${found.size} edits of ${edits} that were sent`);
}
