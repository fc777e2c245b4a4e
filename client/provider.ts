import { ObservableV2 } from 'lib0/observable';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import {
  type Access,
  type ClientHello,
  type DocumentEvent,
  type Position,
  PROTOCOL_VERSION,
  type ServerMessage,
  type Welcome,
} from '../protocol/index.ts';
import { documentAddress } from './address.ts';
import { Backoff } from './backoff.ts';
import { reactionTo } from './close-code.ts';
import { ServerConnection, type WebSocketConstructor } from './connection.ts';
import type { Closed, ProviderEvents, SavedState, Status } from './events.ts';
import type { ProviderOptions } from './options.ts';
import { Presence } from './presence.ts';
import { Retry } from './retry.ts';
import { decodeNumber, encodeNumber, UnsavedChanges } from './unsaved-changes.ts';

const MIN_BACKOFF_MS = 200;
const DEFAULT_MAX_BACKOFF_MS = 10_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** A server that restarts is back soon; its clients come back spread over so many milliseconds. */
const RESTART_SPREAD_MS = 500;
/** A connection without a message for so many of the server's heartbeats is dead. */
const SILENT_HEARTBEATS = 3;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Changes that wait are merged so many at a time: merging is quadratic in Yjs 13. */
const MERGE_AT_MOST = 500;

/**
 * Keeps a `Y.Doc` in step with a document on a Scriptorium server, and says when what was written is safe there.
 * The shape is that of `y-websocket`'s provider.
 *
 *     open ─▶ hello {resume?}, step 1, awareness
 *     ◀─ welcome, step 1?                  (it asks when we may have something that it lacks)
 *     ─▶ step 2                            (only when asked)
 *     ◀─ updates, step 2                   synced
 *     ─▶ updates, sync status n            whenever something is written
 *     ◀─ sync status n                     all up to change n is durable
 *
 * @example
 * const provider = new ScriptoriumProvider('ws://localhost:1234/sync', 'my-document', new Y.Doc());
 * provider.on('saved', ({ saved }) => console.log(saved ? 'Saved' : 'Saving…'));
 */
export class ScriptoriumProvider extends ObservableV2<ProviderEvents> {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** The name of the document on the server. */
  readonly document: string;
  /** The address of the document, without token. */
  readonly url: string;
  readonly #options: ProviderOptions;
  readonly #WebSocket: WebSocketConstructor;
  readonly #backoff: Backoff;
  readonly #unsaved = new UnsavedChanges();
  readonly #presence: Presence;
  #connection: ServerConnection | undefined;
  /** Whether the hello of this connection is out: nothing may go before it. */
  #greeted = false;
  #status: Status = 'offline';
  #shouldConnect = false;
  #destroyed = false;
  readonly #retry = new Retry();
  #welcome: Welcome | undefined;
  #position: Position | undefined;
  #statusMessageDue = false;
  #triedNewToken = false;
  #closedBy: Closed | undefined;
  #outdatedSchema = false;

  /** @throws TypeError when `serverUrl` is no address, or there is no WebSocket on this platform */
  constructor(serverUrl: string, document: string, doc: Y.Doc, options: ProviderOptions = {}) {
    super();
    const { connect = true, awareness, params = {}, maxBackoffMs = DEFAULT_MAX_BACKOFF_MS } = options;
    const WebSocket = options.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
    if (WebSocket === undefined) throw new TypeError('There is no WebSocket here: pass one as options.WebSocket.');
    this.doc = doc;
    this.document = document;
    this.url = documentAddress(serverUrl, document, params);
    this.#WebSocket = WebSocket;
    this.#options = options;
    this.#backoff = new Backoff(MIN_BACKOFF_MS, maxBackoffMs);
    this.awareness = awareness ?? new Awareness(doc);
    // Nobody knows yet whether the server has what the document holds already.
    if (Y.encodeStateVector(doc).length > 1) this.#unsaved.add(undefined);
    this.#unsaved.takeNews(); // nobody listens yet
    doc.on('update', this.#onUpdate);
    doc.on('destroy', this.#onDocDestroy);
    this.#presence = new Presence(this.awareness, (update) => {
      if (this.#greeted) this.#connection?.send({ type: 'awareness', update });
    });
    globalThis.addEventListener?.('online', this.#onOnline);
    if (connect) this.connect();
  }

  get status(): Status {
    return this.#status;
  }

  /** Whether the server's document has arrived on this connection. */
  get synced(): boolean {
    return this.#status === 'synced';
  }

  /** Whether every local change is durable on the server. */
  get saved(): boolean {
    return this.#unsaved.count === 0;
  }

  /** How many local changes are not known to be durable on the server. */
  get unsavedChanges(): number {
    return this.#unsaved.count;
  }

  /** `saved`, `unsavedChanges` and, where the server gave one, the reason. */
  get savedState(): SavedState {
    return this.#unsaved.state;
  }

  /** When the next attempt to connect comes, milliseconds since 1970; undefined when none is planned. */
  get nextAttemptAt(): number | undefined {
    return this.#retry.at;
  }

  /** What this peer may do, as the server said last. */
  get access(): Access | undefined {
    return this.#welcome?.access;
  }

  /** Whether somebody wrote in the document with a newer schema than this client's: the server takes no edits from it. */
  get outdatedSchema(): boolean {
    return this.#outdatedSchema;
  }

  /** Connects, and stays connected, until `disconnect`. */
  connect(): void {
    if (this.#destroyed) throw new TypeError('The provider was destroyed.');
    this.#shouldConnect = true;
    this.#closedBy = undefined;
    if (this.#connection === undefined) this.#attempt();
  }

  /** Disconnects and stays so. Changes are kept and sent with the next `connect`. */
  disconnect(): void {
    this.#shouldConnect = false;
    this.#retry.cancel();
    this.#presence.forgetOthers();
    this.#presence.leave();
    this.#connection?.end();
    this.#connection = undefined;
    this.#setStatus('offline');
  }

  /** Disconnects for good and lets go of the document. What is not saved then stays unsaved. */
  override destroy(): void {
    if (this.#destroyed) return;
    this.disconnect();
    this.#destroyed = true;
    this.doc.off('update', this.#onUpdate);
    this.doc.off('destroy', this.#onDocDestroy);
    this.#presence.destroy();
    globalThis.removeEventListener?.('online', this.#onOnline);
    if (this.#options.awareness === undefined) this.awareness.destroy();
    super.destroy();
  }

  /** Resolves once the server's document has arrived. Rejects when the server told us to stop. */
  whenSynced(): Promise<void> {
    return this.#when('sync', () => this.synced);
  }

  /** Resolves once every local change is durable on the server. Rejects when the server told us to stop. */
  whenSaved(): Promise<void> {
    return this.#when('saved', () => this.saved);
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return;
    this.#unsaved.add(update);
    if (this.synced) this.#sendUnsent();
    this.#reportSaved();
  };

  readonly #onDocDestroy = (): void => this.destroy();

  readonly #onOnline = (): void => {
    if (this.#shouldConnect && this.#connection === undefined) this.#attempt();
  };

  #attempt(): void {
    this.#retry.cancel();
    this.#greeted = false;
    this.#unsaved.reason = undefined;
    this.#setStatus('connecting');
    this.#connection = new ServerConnection(
      this.#WebSocket,
      this.url,
      this.#options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      {
        onOpen: () => void this.#greet(this.#connection),
        onMessage: (message) => this.#receive(message),
        onClose: (closed) => this.#onClose(closed),
      },
    );
  }

  async #greet(connection: ServerConnection | undefined): Promise<void> {
    const token = await this.#token();
    if (connection === undefined || connection !== this.#connection) return;
    const hello: ClientHello = {
      protocol: PROTOCOL_VERSION,
      ...(token !== undefined && { token }),
      ...(this.#options.schema !== undefined && { schema: this.#options.schema }),
      // Without a position the server asks for what it lacks, which is the only way to send everything.
      ...(this.#position && !this.#unsaved.includesEverything && { resume: this.#position }),
    };
    this.#unsaved.resend();
    this.#greeted = true;
    connection.send({ type: 'hello', hello });
    connection.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) });
    this.#presence.enter();
  }

  async #token(): Promise<string | undefined> {
    const { token } = this.#options;
    if (typeof token !== 'function') return token;
    try {
      return await token();
    } catch {
      return undefined; // the server says what it thinks of that
    }
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        return this.#onWelcome(message.welcome);
      case 'sync-step-1':
        this.#unsaved.takeUnsent(); // all of it is in the answer
        this.#connection?.send({
          type: 'sync-step-2',
          update: Y.encodeStateAsUpdate(this.doc, message.stateVector),
        });
        return this.#askStatus();
      case 'update':
        return Y.applyUpdate(this.doc, message.update, this);
      case 'sync-step-2':
        Y.applyUpdate(this.doc, message.update, this);
        return this.#onSynced();
      case 'awareness':
        return this.#presence.receive(message.update);
      case 'query-awareness':
        return this.#presence.announce();
      case 'position':
        if (this.#welcome) this.#position = { epoch: this.#welcome.epoch, seq: message.seq };
        return;
      case 'sync-status':
        this.#unsaved.acknowledge(decodeNumber(message.payload));
        return this.#reportSaved();
      case 'refusal':
        this.#unsaved.reason = message.refusal.message;
        this.#reportSaved();
        this.emit('refused', [message.refusal]);
        return;
      case 'event':
        if (message.event.type === 'store') this.#onStoreEvent(message.event);
        if (message.event.type === 'schema') this.#onSchemaEvent(message.event);
        this.emit('event', [message.event]);
        return;
      case 'auth-denied':
        return;
    }
  }

  #onWelcome(welcome: Welcome): void {
    const before = this.#welcome;
    this.#welcome = welcome;
    this.#connection?.expectMessageEvery(Math.min(SILENT_HEARTBEATS * welcome.limits.heartbeatMs, LONGEST_TIMER_MS));
    if (before !== undefined && before.epoch !== welcome.epoch) {
      // Another document has taken the name: it may lack anything that this one holds.
      this.#position = undefined;
      this.#unsaved.add(undefined);
      this.#reportSaved();
    }
  }

  #onStoreEvent({ available, message }: DocumentEvent): void {
    this.#unsaved.reason = available === false ? String(message) : undefined;
    this.#reportSaved();
  }

  #onSchemaEvent({ version }: DocumentEvent): void {
    const { schema } = this.#options;
    this.#outdatedSchema = schema !== undefined && typeof version === 'number' && version > schema;
  }

  #onSynced(): void {
    this.#backoff.reset();
    this.#triedNewToken = false;
    this.#setStatus('synced');
    this.#sendUnsent();
  }

  #sendUnsent(): void {
    const unsent = this.#unsaved.takeUnsent();
    for (let i = 0; i < unsent.length; i += MERGE_AT_MOST) {
      const [first, ...rest] = unsent.slice(i, i + MERGE_AT_MOST);
      if (first === undefined) continue;
      const update = rest.length === 0 ? first : Y.mergeUpdates([first, ...rest]);
      this.#connection?.send({ type: 'update', update });
    }
    if (!this.saved) this.#askStatus();
  }

  /** Asks to be told when all that was sent so far is durable; once for everything that is sent in this turn. */
  #askStatus(): void {
    if (this.#statusMessageDue) return;
    this.#statusMessageDue = true;
    queueMicrotask(() => {
      this.#statusMessageDue = false;
      if (!this.#greeted) return;
      this.#connection?.send({ type: 'sync-status', payload: encodeNumber(this.#unsaved.sent) });
    });
  }

  #onClose(closed: Closed): void {
    this.#connection = undefined;
    this.#presence.forgetOthers();
    this.#setStatus('offline');
    if (!this.#shouldConnect) return;
    const reaction = reactionTo(closed.code);
    const stop = reaction === 'stop' || (reaction === 'new-token' && this.#triedNewToken);
    if (stop) {
      this.#shouldConnect = false;
      this.#closedBy = closed;
      this.emit('closed', [closed]);
      return;
    }
    if (reaction === 'new-token') this.#triedNewToken = true;
    const delayMs = reaction === 'reconnect-soon' ? Math.random() * RESTART_SPREAD_MS : this.#backoff.next();
    this.#retry.schedule(delayMs, () => this.#attempt());
  }

  #setStatus(status: Status): void {
    if (status === this.#status) return;
    const wasSynced = this.synced;
    this.#status = status;
    this.emit('status', [{ status }]);
    if (wasSynced !== this.synced) this.emit('sync', [this.synced]);
  }

  #reportSaved(): void {
    const news = this.#unsaved.takeNews();
    if (news) this.emit('saved', [news]);
  }

  #when(event: 'sync' | 'saved', holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (holds()) resolve();
        else if (this.#closedBy) reject(new Error(`The server closed the document: ${this.#closedBy.reason}`));
        else return;
        this.off(event, settle);
        this.off('closed', settle);
      };
      this.on(event, settle);
      this.on('closed', settle);
      settle();
    });
  }
}
