import type { ServerMessage } from '../protocol/index.ts';
import { chunksOf, joined } from './chunks.ts';
import { WIRES, type Wire } from './wire.ts';

/** What snapshots look like on their way, as long as somebody has the snapshot. */
const updates = new WeakMap<Uint8Array, Outgoing>();

/** Messages on their way to many peers: made into bytes once for each kind of client, not once for each peer. */
export class Outgoing {
  readonly messages: readonly ServerMessage[];
  /** By the index of their wire. */
  readonly #chunks = new Array<readonly Uint8Array[] | undefined>(WIRES);

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
      const [only] = this.messages;
      chunks =
        only && this.messages.length === 1
          ? wire.frames(only)
          : joined(chunksOf(this.messages, (message) => wire.frames(message)));
      if (wire.index >= 0) this.#chunks[wire.index] = chunks;
    }
    return chunks;
  }
}

/** What goes out together, in one write to each socket where it is not large. */
export class Batch {
  readonly #items: readonly Outgoing[];
  readonly #isShared: boolean;
  /** By the index of their wire. */
  readonly #chunks = new Array<readonly Uint8Array[] | undefined>(WIRES);

  /** Where many are sent it, its pieces are put together once for all of them; else as they are written. */
  constructor(items: readonly Outgoing[], { isShared = false } = {}) {
    this.#items = items;
    this.#isShared = isShared;
  }

  static of(...messages: readonly ServerMessage[]): Batch {
    return new Batch([new Outgoing(messages)]);
  }

  get messages(): ServerMessage[] {
    return this.#items.flatMap(({ messages }) => messages);
  }

  /** The bytes for the socket, to be written one after the other. */
  chunks(wire: Wire): readonly Uint8Array[] {
    const kept = this.#chunks[wire.index];
    if (kept !== undefined) return kept;
    const chunks = chunksOf(this.#items, (item) => item.chunks(wire));
    if (!this.#isShared || wire.index < 0) return chunks;
    const shared = joined(chunks);
    this.#chunks[wire.index] = shared;
    return shared;
  }
}
