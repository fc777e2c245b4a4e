import * as Y from 'yjs';
import {
  decodeAwareness,
  decodeBareFromClient,
  decodeForeignUpdate,
  decodeStateVector,
  encodeAwareness,
  encodeBare,
} from '../../protocol/index.ts';
import { randomEdit } from '../fuzz/random-edit.ts';

type Random = () => number;

/** Messages as people send them, and as nobody does: damaged, cut off, repeated and made up. */
export class Frames {
  readonly #random: Random;
  readonly #doc = new Y.Doc();
  readonly #updates: Uint8Array[] = [];

  constructor(random: Random) {
    this.#random = random;
    this.#doc.clientID = this.#below(2 ** 32);
    this.#doc.on('update', (update) => this.#updates.push(update));
    for (let i = 0; i < 60; i++) randomEdit(this.#doc, random);
  }

  /** Most of them are such that the server goes on with the connection: else it would see few of them. */
  next(): Uint8Array {
    let frame = this.#any();
    while (!isTaken(frame) && this.#random() < 0.97) frame = this.#any();
    return frame;
  }

  #any(): Uint8Array {
    const frame = this.#valid();
    const dice = this.#random();
    if (dice < 0.3) return frame;
    if (dice < 0.9) return this.#damaged(frame);
    if (dice < 0.94) return frame.slice(0, this.#below(frame.length));
    if (dice < 0.97) return Uint8Array.from([...frame, ...this.#noise(8)]);
    return this.#noise(60);
  }

  /** Questions are rarer than edits, as they are among people: each is answered with a whole document. */
  #valid(): Uint8Array {
    const dice = this.#below(100);
    if (dice < 3) return encodeBare({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.#doc) });
    if (dice < 6) return encodeBare({ type: 'query-awareness' });
    if (dice < 14) return encodeBare({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.#doc) });
    if (dice < 30) return encodeBare({ type: 'sync-status', payload: this.#noise(8) });
    if (dice < 50) {
      const state = JSON.stringify({ user: { name: 'x'.repeat(this.#below(20)) }, at: this.#below(1e6) });
      const entry = { clientId: this.#below(100), clock: this.#below(100), state };
      return encodeBare({ type: 'awareness', update: encodeAwareness([entry]) });
    }
    return encodeBare({ type: 'update', update: this.#updates[this.#below(this.#updates.length)] as Uint8Array });
  }

  #damaged(frame: Uint8Array): Uint8Array {
    // Behind the type and the lengths, damage is more often taken for content.
    const from = this.#random() < 0.8 ? Math.min(6, frame.length - 1) : 0;
    for (let i = 0; i <= this.#below(2); i++) frame[from + this.#below(frame.length - from)] = this.#below(256);
    return frame;
  }

  #noise(length: number): Uint8Array {
    return new Uint8Array(this.#below(length)).map(() => this.#below(256));
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }
}

/** Whether the server goes on with a connection that sent this, so that what follows is looked at too. */
export function isTaken(frame: Uint8Array): boolean {
  try {
    const message = decodeBareFromClient(frame);
    if (message.type === 'hello') return false;
    if (message.type === 'sync-step-1') decodeStateVector(message.stateVector);
    if (message.type === 'awareness') decodeAwareness(message.update);
    if (message.type === 'sync-step-2' || message.type === 'update') decodeForeignUpdate(message.update.slice());
    return true;
  } catch {
    return false;
  }
}
