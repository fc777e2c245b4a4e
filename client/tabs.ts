import type { ChangeId, KeptChange } from './local-database.ts';

/** What the tabs of one browser say to each other about a document. */
type TabMessage =
  | { readonly type: 'hello'; readonly stateVector: Uint8Array }
  /** The answer to a hello: what it lacks, and what of that the server has not acknowledged. */
  | { readonly type: 'state'; readonly update: Uint8Array; readonly changes: readonly KeptChange[] }
  | { readonly type: 'change'; readonly change: KeptChange }
  | { readonly type: 'awareness'; readonly update: Uint8Array };

type Envelope = TabMessage & { readonly epoch: string | undefined };

/** What a tab does with what it hears. */
export interface TabEvents {
  /** The log that this tab's document belongs to, where it is known. */
  epoch(): string | undefined;
  /** Another tab opened the document and has this much: what it lacks. */
  onHello(stateVector: Uint8Array): { readonly update: Uint8Array; readonly changes: readonly KeptChange[] };
  onState(update: Uint8Array): void;
  onChange(change: KeptChange): void;
  onAwareness(update: Uint8Array): void;
}

/**
 * The other tabs of this browser that have the same document open: they stay in step without the network. Where there
 * is no BroadcastChannel there are no other tabs.
 */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;
  readonly #events: TabEvents;

  constructor(address: string, events: TabEvents) {
    this.#events = events;
    this.#channel = openChannel(`scriptorium ${address}`);
    if (this.#channel) this.#channel.onmessage = ({ data }: MessageEvent<Envelope>) => this.#receive(data);
  }

  hello(stateVector: Uint8Array): void {
    this.#post({ type: 'hello', stateVector });
  }

  change(id: ChangeId, update: Uint8Array): void {
    this.#post({ type: 'change', change: { id, update } });
  }

  awareness(update: Uint8Array): void {
    this.#post({ type: 'awareness', update });
  }

  close(): void {
    this.#channel?.close();
  }

  #post(message: TabMessage): void {
    this.#channel?.postMessage({ ...message, epoch: this.#events.epoch() } satisfies Envelope);
  }

  #receive(message: Envelope): void {
    const epoch = this.#events.epoch();
    // The other tab has the document that was deleted, or the one that took its name.
    if (epoch !== undefined && message.epoch !== undefined && epoch !== message.epoch) return;
    switch (message.type) {
      case 'hello':
        return this.#post({ type: 'state', ...this.#events.onHello(message.stateVector) });
      case 'state':
        this.#events.onState(message.update);
        for (const change of message.changes) this.#events.onChange(change);
        return;
      case 'change':
        return this.#events.onChange(message.change);
      case 'awareness':
        return this.#events.onAwareness(message.update);
    }
  }
}

function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined; // missing, or forbidden as in some sandboxed frames
  }
}
