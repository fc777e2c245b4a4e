import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as Y from 'yjs';
import { seededRandom } from '../../test/support/random.ts';
import { DOCUMENT_END, seedRoom } from '../generator/document.ts';
import { updateMessage } from '../generator/message.ts';
import { readDocument } from '../generator/reader.ts';
import { Room } from '../generator/room.ts';
import { Samples } from '../generator/samples.ts';
import { type BenchServer, passTurn } from './bench-server.ts';
import { Meter } from './meter.ts';
import { type Script, scripts } from './script.ts';
import type { Turn } from './turns.ts';
import { come, hasAll, latencyOf, type Typed } from './typing.ts';

/** A server on a working day: many rooms, most of them small, in which one or two people write what was recorded. */
export const DAY = { rooms: 200, maxPeers: 30 };

/** Between keystrokes of a burst, and between bursts, on average. */
const KEYSTROKE_MS = 180;
const PAUSE_MS = 2_500;
const WARM_UP_MS = 4_000;
/** A window is so long at most. Before times are taken in it they type a while: at its beginning nobody is in a burst. */
const WINDOW_MS = 8_000;
const LEAD_IN_MS = 1_500;
const DRAIN_MS = 15_000;
const ROOMS_AT_ONCE = 10;

interface Office {
  readonly room: Room;
  readonly script: Script;
  /** When it is typed. */
  readonly random: () => number;
  /** The transaction of the recording that is typed next. */
  next: number;
}

export async function measureDay(running: BenchServer, seconds: number, seed: number, turn: Turn): Promise<Typed> {
  const random = seededRandom(seed);
  const times = { edits: new Samples(), moves: new Samples(), durable: new Samples() };
  const offices = Array.from({ length: DAY.rooms }, (_, i): Office => {
    const peers = 1 + Math.floor(random() ** 3 * DAY.maxPeers);
    const fitting = scripts().filter(({ authors }) => authors <= peers);
    const script = fitting[Math.floor(random() * fitting.length)];
    if (script === undefined) throw new RangeError('no recording has a single author');
    const room = new Room(running, `office-${i}`, peers, times, script.firstMarker);
    return { room, script, random: seededRandom(seed * DAY.rooms + i), next: script.start };
  });
  const tallies = offices.map(({ room: { tally } }) => tally);
  try {
    for (let i = 0; i < offices.length; i += ROOMS_AT_ONCE) {
      await Promise.all(offices.slice(i, i + ROOMS_AT_ONCE).map((office) => enter(running, office, random)));
    }
    const meter = new Meter(running);
    const late = new Samples();
    const windows = Math.ceil((seconds * 1000) / WINDOW_MS);
    const windowMs = (seconds * 1000) / windows;
    let [deliveries, edits, sentMs, lost] = [0, 0, 0, 0];
    for (let window = 0; window < windows; window++) {
      if (window > 0) await passTurn(running, turn);
      for (const tally of tallies) tally.track();
      let isMeasured = window > 0;
      const stopWriting = startWriting(offices, late, ({ size }) => {
        if (!isMeasured) return;
        edits++;
        deliveries += 2 * (size - 1); // the edit, and the caret that moves with it
      });
      if (window === 0) await sleep(WARM_UP_MS);
      isMeasured = true;
      await meter.during(async () => {
        const begun = performance.now();
        await sleep(LEAD_IN_MS);
        for (const tally of tallies) tally.measure();
        await sleep(windowMs);
        await stopWriting();
        sentMs += performance.now() - begun;
        await come(() => tallies.every(hasAll), DRAIN_MS);
      });
      lost += tallies.reduce((sum, { missing, unconfirmed }) => sum + missing + unconfirmed, 0);
    }

    for (const { room } of offices) room.leave();
    if (lost === 0) for (const office of offices) await checkStored(running, office);
    return {
      deliveries,
      edits,
      lost,
      ...meter.total,
      sentMs,
      lateMs: late.percentile(0.99),
      edit: latencyOf(times.edits),
      move: latencyOf(times.moves),
      durable: latencyOf(times.durable),
    };
  } finally {
    for (const { room } of offices) room.leave();
  }
}

/** Everybody types on. What is returned stops them. */
function startWriting(
  offices: readonly Office[],
  late: Samples,
  onKeystroke: (room: Room) => void,
): () => Promise<unknown> {
  const typing = new AbortController();
  setMaxListeners(0, typing.signal); // each room waits with it
  const typists = offices.map((office) => write(office, late, typing.signal, () => onKeystroke(office.room)));
  return () => {
    typing.abort();
    return Promise.all(typists);
  };
}

/** The document is there as it was when the recording had come so far; everybody joins. */
async function enter(running: BenchServer, { room, script }: Office, random: () => number): Promise<void> {
  if (!running.dialect.syncs) return room.fill(random);
  const writer = await seedRoom(running, room.name, script.document);
  await room.fill(random, { awaits: [DOCUMENT_END] });
  writer.leave();
}

/** Types the recording on, in bursts: a burst ends where the recording goes on somewhere else in the text. */
async function write(office: Office, late: Samples, signal: AbortSignal, onKeystroke: () => void): Promise<void> {
  const { room, script, random } = office;
  const gapMs = (meanMs: number): number => -Math.log(1 - random()) * meanMs;
  let at = performance.now() + gapMs(PAUSE_MS);
  while (!signal.aborted) {
    const keystroke = script.keystrokes[office.next];
    if (keystroke === undefined) return;
    await sleep(Math.max(0, at - performance.now()), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    late.add(performance.now() - at);
    const { author, update, isMarked, continues } = keystroke;
    if (isMarked) room.sendEdit(author, () => updateMessage(update));
    else room.sendUnmarked(author, updateMessage(update));
    room.move(author);
    office.next++;
    onKeystroke();
    at += gapMs(continues ? KEYSTROKE_MS : PAUSE_MS);
  }
}

/** Joins with a real `Y.Doc` and compares the text with that of the recording so far. */
async function checkStored(running: BenchServer, { room, script, next }: Office): Promise<void> {
  if (!running.dialect.syncs) return;
  const expected = new Y.Doc();
  Y.applyUpdate(expected, script.document.update);
  expected.transact(() => {
    for (const { update } of script.keystrokes.slice(script.start, next)) Y.applyUpdate(expected, update);
  });
  const doc = await readDocument(running, room.name, [DOCUMENT_END]);
  const same = doc.getText().toString() === expected.getText().toString();
  doc.destroy();
  expected.destroy();
  if (!same) throw new Error(`${room.name} does not have the text that was typed`);
}
