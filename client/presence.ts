import {
  type Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness';
import { decodeAwareness } from '../protocol/index.ts';

type Changes = Readonly<Record<'added' | 'updated' | 'removed', readonly number[]>>;

/** Tells the server of this peer's own awareness state, and the awareness of what the server says of the others. */
export class Presence {
  readonly #awareness: Awareness;
  readonly #send: (update: Uint8Array) => void;
  /** Clients in other tabs of this browser: they are there without a connection. */
  readonly #inTabs = new Set<number>();

  constructor(awareness: Awareness, send: (update: Uint8Array) => void) {
    this.#awareness = awareness;
    this.#send = send;
    awareness.on('update', this.#onUpdate);
  }

  /** Says that this peer is here, with a clock that counts on: who saw it leave listens only to what is newer. */
  enter(): void {
    const state = this.#awareness.getLocalState();
    if (state !== null) this.#awareness.setLocalState(state);
  }

  /** Sends this peer's state as it is. */
  announce(): void {
    this.#sendOwn(this.#awareness.states);
  }

  /** Says that this peer is gone. Its state stays as it is for the next time. */
  leave(): void {
    this.#sendOwn(new Map());
  }

  receive(update: Uint8Array): void {
    applyAwarenessUpdate(this.#awareness, update, this);
  }

  /** Another tab says who is in it. */
  receiveFromTab(update: Uint8Array): void {
    for (const { clientId } of decodeAwareness(update)) this.#inTabs.add(clientId);
    this.receive(update);
  }

  /** Without a connection nobody knows who is there, but for the other tabs. */
  forgetOthers(): void {
    const { clientID, states } = this.#awareness;
    const others = [...states.keys()].filter((client) => client !== clientID && !this.#inTabs.has(client));
    removeAwarenessStates(this.#awareness, others, this);
  }

  destroy(): void {
    this.#awareness.off('update', this.#onUpdate);
  }

  readonly #onUpdate = ({ added, updated, removed }: Changes): void => {
    const own = this.#awareness.clientID;
    if ([added, updated, removed].some((clients) => clients.includes(own))) this.announce();
  };

  #sendOwn(states: Awareness['states']): void {
    const own = this.#awareness.clientID;
    if (this.#awareness.meta.has(own)) this.#send(encodeAwarenessUpdate(this.#awareness, [own], states));
  }
}
