import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { BoundedDecoder, checkContentDepth, MAX_CLIENTS, MAX_CLOCK, MAX_PARTS } from './bounded-decoder.ts';
import { ScriptoriumError } from './errors.ts';
import { IntervalSet } from './interval-set.ts';
import type { DecodedUpdate } from './join-updates.ts';
import { keystrokeContent } from './keystroke.ts';

/** A run of `length` clock values of one client. */
export interface Run {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

/** So many runs are added one by one. Of more, one by one could take the square of their number. */
const FEW = 16;

/** Which operations an update carries, without the operations themselves. */
export interface UpdateContent {
  readonly inserted: readonly Run[];
  readonly deleted: readonly Run[];
}

/**
 * What is in a Yjs V1 update. What `Y.applyUpdate` would choke on is refused: once stored, nobody could open the
 * document again. A length that leads past its end, which Yjs believes, leaves it without the number of its deletions.
 * @throws ScriptoriumError MALFORMED_UPDATE
 */
export function decodeUpdateContent(update: Uint8Array): UpdateContent {
  return contentOf(() => Y.decodeUpdate(update));
}

/**
 * The same for an update that somebody sent: refused is also what costs far more than its bytes to read, to keep or to
 * walk through (see bounded-decoder.ts).
 * @throws ScriptoriumError MALFORMED_UPDATE
 */
export function decodeForeignUpdate(update: Uint8Array): UpdateContent {
  const keystroke = keystrokeContent(update);
  if (keystroke) return keystroke;
  return contentOf(() => {
    const decoded = Y.decodeUpdateV2(update, BoundedDecoder);
    for (const struct of decoded.structs) {
      checkClock(struct.id.clock + struct.length);
      if (struct instanceof Y.Item) checkContentDepth(struct.content);
    }
    for (const items of decoded.ds.clients.values()) for (const { clock, len } of items) checkClock(clock + len);
    return decoded;
  });
}

function checkClock(clock: number): void {
  if (clock > MAX_CLOCK) throw new RangeError('a clock is out of range');
}

/**
 * The same of an update that is decoded.
 * @throws ScriptoriumError MALFORMED_UPDATE
 */
export function contentOfDecoded({ decoded }: DecodedUpdate): UpdateContent {
  return contentOf(() => {
    if (decoded === undefined) throw new RangeError('the update does not decode');
    return decoded;
  });
}

/** The same for a V2 update, the format of snapshots. */
export function decodeUpdateContentV2(update: Uint8Array): UpdateContent {
  return contentOf(() => Y.decodeUpdateV2(update));
}

function contentOf(decode: () => ReturnType<typeof Y.decodeUpdate>): UpdateContent {
  try {
    const { structs, ds } = decode();
    const inserted: Run[] = [];
    for (const struct of structs) {
      if (struct instanceof Y.Skip) continue; // stands for what the update does not carry
      if (struct instanceof Y.Item) checkReferences(struct);
      if (struct.length === 0) throw new RangeError('a struct has no length');
      inserted.push({ client: struct.id.client, clock: struct.id.clock, length: struct.length });
    }
    const deleted: Run[] = [];
    for (const [client, items] of ds.clients) {
      for (const { clock, len } of items) {
        if (len === 0) throw new RangeError('a deletion has no length'); // Yjs reads it, but can't write it again
        deleted.push({ client, clock, length: len });
      }
    }
    return { inserted, deleted };
  } catch (cause) {
    throw new ScriptoriumError('MALFORMED_UPDATE', 'The update cannot be read.', { cause });
  }
}

/** Yjs waits for what an item of another client refers to, but takes it for granted that a client's own came before. */
function checkReferences({ id, origin, rightOrigin, parent }: Y.Item): void {
  for (const reference of [origin, rightOrigin, parent]) {
    if (reference instanceof Y.ID && reference.client === id.client && reference.clock >= id.clock) {
      throw new RangeError('an item refers to a later one of its own client');
    }
  }
}

/**
 * Which operations have been seen: enough to say what is new and to ask for what is missing, without a `Y.Doc`.
 * Operations are counted as seen also while Yjs would hold them back for one that is missing.
 */
export class Coverage {
  readonly #inserted = new Map<number, IntervalSet>();
  readonly #deleted = new Map<number, IntervalSet>();

  #runCount = 0;

  /** Whether there is more than anybody writes: then more would cost too much memory, and too much time to find. */
  get full(): boolean {
    return this.#runCount >= MAX_PARTS || this.#inserted.size + this.#deleted.size >= 2 * MAX_CLIENTS;
  }

  /** Whether the content holds nothing that was not added before. */
  covers({ inserted, deleted }: UpdateContent): boolean {
    return coversAll(this.#inserted, inserted) && coversAll(this.#deleted, deleted);
  }

  add({ inserted, deleted }: UpdateContent): void {
    this.#runCount += addAll(this.#inserted, inserted) + addAll(this.#deleted, deleted);
  }

  /**
   * All that a state vector stands for.
   * @throws ScriptoriumError MALFORMED_MESSAGE when it is none
   */
  addStateVector(stateVector: Uint8Array): void {
    const inserted = [...readStateVector(stateVector)].map(([client, clock]) => ({
      client,
      clock: 0,
      length: clock,
    }));
    this.add({ inserted, deleted: [] });
  }

  /** What of the content was not added before. */
  unknown({ inserted, deleted }: UpdateContent): UpdateContent {
    return { inserted: gaps(this.#inserted, inserted), deleted: gaps(this.#deleted, deleted) };
  }

  /** How many runs it takes to say what was added. */
  get runCount(): number {
    return this.#runCount;
  }

  /** All that was added, in as few runs as there can be. */
  content(): UpdateContent {
    return { inserted: runsOf(this.#inserted), deleted: runsOf(this.#deleted) };
  }

  /** The state vector, encoded as in sync step 1. After a gap in a client's clock nothing counts, so that it is asked for. */
  encodeStateVector(): Uint8Array {
    const entries: [client: number, clock: number][] = [];
    for (const [client, seen] of this.#inserted) {
      if (seen.prefix > 0) entries.push([client, seen.prefix]);
    }
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, entries.length);
    for (const [client, clock] of entries) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
    }
    return encoding.toUint8Array(encoder);
  }
}

/**
 * How far somebody who sent this has everything, by client id.
 * @throws ScriptoriumError MALFORMED_MESSAGE when these bytes are no state vector, or one of too many clients
 */
export function decodeStateVector(stateVector: Uint8Array): Map<number, number> {
  return readStateVector(stateVector, MAX_CLIENTS);
}

function readStateVector(stateVector: Uint8Array, maxClients = Number.POSITIVE_INFINITY): Map<number, number> {
  try {
    if (decoding.readVarUint(decoding.createDecoder(stateVector)) > maxClients) {
      throw new RangeError('there are too many clients');
    }
    return Y.decodeStateVector(stateVector);
  } catch (cause) {
    throw new ScriptoriumError('MALFORMED_MESSAGE', 'The state vector cannot be read.', { cause });
  }
}

function gaps(seen: Map<number, IntervalSet>, runs: readonly Run[]): Run[] {
  const found: Run[] = [];
  for (const run of runs) {
    const { client, clock, length } = run;
    const set = seen.get(client);
    if (set === undefined) found.push(run);
    else if (!set.covers(clock, clock + length)) {
      for (const gap of set.gaps(clock, clock + length)) found.push(runOf(client, gap));
    }
  }
  return found;
}

function runsOf(seen: Map<number, IntervalSet>): Run[] {
  return [...seen].flatMap(([client, set]) => [...set.intervals()].map((interval) => runOf(client, interval)));
}

function runOf(client: number, [start, end]: readonly [number, number]): Run {
  return { client, clock: start, length: end - start };
}

function coversAll(seen: Map<number, IntervalSet>, runs: readonly Run[]): boolean {
  for (const { client, clock, length } of runs) {
    if (!(seen.get(client)?.covers(clock, clock + length) ?? length === 0)) return false;
  }
  return true;
}

/** Answers by how many intervals there are more. */
function addAll(seen: Map<number, IntervalSet>, runs: readonly Run[]): number {
  if (runs.length <= FEW) return runs.reduce((more, run) => more + addRuns(seen, run.client, [run]), 0);
  let more = 0;
  const byClient = new Map<number, Run[]>();
  for (const run of runs) {
    const its = byClient.get(run.client);
    if (its) its.push(run);
    else byClient.set(run.client, [run]);
  }
  for (const [client, its] of byClient) more += addRuns(seen, client, its);
  return more;
}

function addRuns(seen: Map<number, IntervalSet>, client: number, runs: readonly Run[]): number {
  let set = seen.get(client);
  if (set === undefined) {
    set = new IntervalSet();
    seen.set(client, set);
  }
  const before = set.size;
  if (runs.length <= FEW) {
    for (const { clock, length } of runs) set.add(clock, clock + length);
  } else {
    const intervals = runs.map(({ clock, length }) => ({ start: clock, end: clock + length }));
    set.addSorted(intervals.sort((a, b) => a.start - b.start));
  }
  return set.size - before;
}
