import { Client } from './client.ts';
import { answerTo, type Dialect, type Known, NOTHING } from './dialect.ts';
import { kindOf, prefixed } from './message.ts';

/** A server that runs, and how its clients talk. */
export interface Target {
  readonly port: number;
  readonly dialect: Dialect;
}

/** What a peer is told of; by default nothing. */
export interface PeerListener {
  /** An edit came, or, to its author, the word that it is durable. The time is that of the read. */
  onEdit?(number: number, at: number): void;
  onMove?(number: number, at: number): void;
  /** A message before the peer is synced, without the prefix. */
  onMessage?(message: Buffer): void;
}

/** How a peer comes. */
export interface PeerOptions {
  /** What it has already. Default: nothing. */
  readonly known?: Known;
  /** Edits that it has to have before it counts as synced, beside the server's step 2. */
  readonly awaits?: readonly number[];
  readonly listener?: PeerListener;
  /** Whether `onMessage` gets messages whole. */
  readonly whole?: boolean;
}

/** One peer of a room, on a connection of its own, which does what the stock client of the server does. */
export class Peer {
  readonly #client: Client;
  readonly #prefix: Uint8Array;
  readonly #known: Known;
  readonly #awaits: Set<number>;
  #awaitsStepTwo: boolean;
  readonly #listener: PeerListener;
  #onSynced: (() => void) | undefined;
  #isSynced = false;
  /** Resolves when the peer has what it came for; rejects when its connection ends before. */
  readonly synced: Promise<void>;

  constructor({ port, dialect }: Target, room: string, options: PeerOptions = {}) {
    const { known = NOTHING, awaits = [], listener = {}, whole = false } = options;
    this.#prefix = dialect.prefix(room);
    this.#known = known;
    this.#awaits = new Set(awaits);
    this.#listener = listener;
    const opening = dialect.opening(known);
    this.#awaitsStepTwo = dialect.syncs;
    this.#client = new Client(port, dialect.path(room), {
      onEdit: (number) => {
        if (this.#isSynced) this.#listener.onEdit?.(number, this.#client.readAt);
        else this.#awaits.delete(number);
      },
      onMove: (number) => this.#listener.onMove?.(number, this.#client.readAt),
      onMessage: (beginning) => this.#onMessage(beginning),
      onLost: () => fail?.(new Error(`The server closed a connection to ${room}.`)),
    });
    if (whole) this.#client.keepBytes = Number.POSITIVE_INFINITY;
    let fail: ((error: Error) => void) | undefined;
    this.synced = new Promise((resolve, reject) => {
      this.#onSynced = resolve;
      fail = reject;
      this.#client.opened.then(() => {
        if (opening.length > 0) this.send(...opening);
        this.#checkSynced();
      }, reject);
    });
    this.synced.catch(() => {});
  }

  get bytesReceived(): number {
    return this.#client.bytesReceived;
  }

  get bytesSent(): number {
    return this.#client.bytesSent;
  }

  /** Sends messages to the room, without their prefix, with one write. */
  send(...messages: readonly Uint8Array[]): void {
    this.#client.send(...messages.map((message) => prefixed(this.#prefix, message)));
  }

  leave(): void {
    this.#client.leave();
  }

  #onMessage(beginning: Buffer): void {
    const kind = kindOf(beginning, this.#prefix.length);
    this.#listener.onMessage?.(beginning.subarray(this.#prefix.length));
    if (kind === 'step 1') this.send(answerTo(this.#known));
    else if (kind === 'step 2') this.#awaitsStepTwo = false;
    this.#checkSynced();
  }

  #checkSynced(): void {
    if (this.#isSynced || this.#awaitsStepTwo || this.#awaits.size > 0) return;
    this.#isSynced = true;
    this.#client.keepBytes = 0;
    this.#onSynced?.();
  }
}
