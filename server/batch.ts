import type { ServerMessage } from '../protocol/index.ts';
import type { Wire } from './wire.ts';

/** Pieces up to this size are put together, in bytes: to copy them costs less than to write each. */
const SMALL_BYTES = 16 * 1024;

/** What snapshots look like on their way, as long as somebody has the snapshot. */
const updates = new WeakMap<Uint8Array, Outgoing>();

/** Messages on their way to many peers: made into bytes once for each kind of client, not once for each peer. */
export class Outgoing {
  readonly messages: readonly ServerMessage[];
  /** By the index of their wire. */
  readonly #chunks: (readonly Uint8Array[] | undefined)[] = [];

  /** An update that is sent again and again: its bytes are kept as long as it is. */
  static ofUpdate(update: Uint8Array): Outgoing {
    let outgoing = updates.get(update);
    if (outgoing === undefined) {
      outgoing = new Outgoing([{ type: 'update', update }]);
      updates.set(update, outgoing);
    }
    return outgoing;
  }

  constructor(messages: readonly ServerMessage[]) {
    this.messages = messages;
  }

  /** The bytes for the socket, to be written one after the other; nothing when this kind of client knows none of it. */
  chunks(wire: Wire): readonly Uint8Array[] {
    let chunks = wire.index < 0 ? undefined : this.#chunks[wire.index];
    if (chunks === undefined) {
      chunks = chunksOf(this.messages, (message) => wire.frames(message));
      if (wire.index >= 0) this.#chunks[wire.index] = chunks;
    }
    return chunks;
  }
}

/** What goes out together, in one write to each socket where it is not large. */
export class Batch {
  readonly #items: readonly Outgoing[];
  /** By the index of their wire. */
  readonly #chunks: (readonly Uint8Array[] | undefined)[] = [];

  constructor(items: readonly Outgoing[]) {
    this.#items = items;
  }

  static of(...messages: readonly ServerMessage[]): Batch {
    return new Batch([new Outgoing(messages)]);
  }

  get messages(): ServerMessage[] {
    return this.#items.flatMap(({ messages }) => messages);
  }

  chunks(wire: Wire): readonly Uint8Array[] {
    let chunks = wire.index < 0 ? undefined : this.#chunks[wire.index];
    if (chunks === undefined) {
      chunks = chunksOf(this.#items, (item) => item.chunks(wire));
      if (wire.index >= 0) this.#chunks[wire.index] = chunks;
    }
    return chunks;
  }
}

/** The chunks of all parts, with small neighbours in one piece. Mostly there is one part. */
function chunksOf<P>(parts: readonly P[], chunks: (part: P) => readonly Uint8Array[]): readonly Uint8Array[] {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return chunks(only);
  const all: Uint8Array[] = []; // not `flatMap`: on this path its cost shows
  for (const part of parts) for (const chunk of chunks(part)) all.push(chunk);
  return joined(all);
}

function joined(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  if (chunks.length <= 1) return chunks;
  const result: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const join = (): void => {
    const [first] = small;
    if (first) result.push(small.length === 1 ? first : Buffer.concat(small));
    small = [];
  };
  for (const chunk of chunks) {
    if (chunk.length <= SMALL_BYTES) {
      small.push(chunk);
    } else {
      join();
      result.push(chunk);
    }
  }
  join();
  return result;
}
