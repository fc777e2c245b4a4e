import type { ServerMessage } from '../protocol/index.ts';
import type { Wire } from './wire.ts';

/** A message on its way to many peers: made into bytes once for each kind of client, not once for each peer. */
export class Outgoing {
  readonly message: ServerMessage;
  readonly #frames = new Map<Wire, Uint8Array | undefined>();

  constructor(message: ServerMessage) {
    this.message = message;
  }

  frame(wire: Wire): Uint8Array | undefined {
    if (!this.#frames.has(wire)) this.#frames.set(wire, wire.frame(this.message));
    return this.#frames.get(wire);
  }
}

/** Messages that go out together, in one write to each socket. */
export class Batch {
  readonly #items: readonly Outgoing[];
  readonly #bytes = new Map<Wire, Uint8Array>();

  constructor(items: readonly Outgoing[]) {
    this.#items = items;
  }

  static of(messages: readonly ServerMessage[]): Batch {
    return new Batch(messages.map((message) => new Outgoing(message)));
  }

  get messages(): ServerMessage[] {
    return this.#items.map(({ message }) => message);
  }

  /** All the messages as bytes for the socket; empty when this kind of client knows none of them. */
  bytes(wire: Wire): Uint8Array {
    let bytes = this.#bytes.get(wire);
    if (bytes === undefined) {
      const frames = this.#items.map((item) => item.frame(wire)).filter((frame) => frame !== undefined);
      const [first] = frames;
      bytes = frames.length === 1 && first ? first : Buffer.concat(frames);
      this.#bytes.set(wire, bytes);
    }
    return bytes;
  }
}
