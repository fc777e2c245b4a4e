import { ObservableV2 } from 'lib0/observable';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import {
  type Access,
  type ClientHello,
  type DocumentEvent,
  isAccess,
  PROTOCOL_VERSION,
  type ServerMessage,
  type Welcome,
} from '../protocol/index.ts';
import { documentAddress } from './address.ts';
import { ServerConnection, type WebSocketConstructor } from './connection.ts';
import { Device } from './device.ts';
import { type Closed, DOCUMENT_REPLACED, type ProviderEvents, type SavedState, type Status } from './events.ts';
import { sharesHistory } from './history.ts';
import type { StoredCopy } from './local-copy.ts';
import type { KeptChange } from './local-database.ts';
import { LogPlace } from './log-place.ts';
import type { ProviderOptions } from './options.ts';
import { Presence } from './presence.ts';
import { Reconnection } from './reconnection.ts';
import { decodeNumber, encodeNumber, UnsavedChanges } from './unsaved-changes.ts';

const DEFAULT_MAX_BACKOFF_MS = 10_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** A connection without a message for so many of the server's heartbeats is dead. */
const SILENT_HEARTBEATS = 3;
/** A connection that ended here, for want of a token. */
const NO_TOKEN = 1006;
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
  /** The address of the server, as it was given. */
  readonly serverUrl: string;
  /** The address of the document, without token. */
  readonly url: string;
  readonly #options: ProviderOptions;
  readonly #WebSocket: WebSocketConstructor;
  readonly #reconnection: Reconnection;
  readonly #place = new LogPlace();
  readonly #unsaved = new UnsavedChanges();
  readonly #presence: Presence;
  #connection: ServerConnection | undefined;
  /** Whether the hello of this connection is out: nothing may go before it. */
  #greeted = false;
  #status: Status = 'offline';
  #destroyed = false;
  readonly #device: Device | undefined;
  #welcome: Welcome | undefined;
  #access: Access | undefined;
  #ready = false;
  /** Whether the update that is being applied changed anything. */
  #changed = false;
  #statusMessageDue = false;
  #outdatedSchema = false;

  /** @throws TypeError when `serverUrl` is no address, or there is no WebSocket on this platform */
  constructor(serverUrl: string, document: string, doc: Y.Doc, options: ProviderOptions = {}) {
    super();
    const { connect = true, awareness, params = {}, maxBackoffMs = DEFAULT_MAX_BACKOFF_MS } = options;
    const WebSocket = options.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
    if (WebSocket === undefined) throw new TypeError('There is no WebSocket here: pass one as options.WebSocket.');
    this.doc = doc;
    this.document = document;
    this.serverUrl = serverUrl;
    this.url = documentAddress(serverUrl, document, params);
    this.#WebSocket = WebSocket;
    this.#options = options;
    this.#reconnection = new Reconnection(maxBackoffMs);
    this.awareness = awareness ?? new Awareness(doc);
    this.#device = options.offline ? this.#createDevice(documentAddress(serverUrl, document)) : undefined;
    // Nobody knows yet whether the server has what the document holds already.
    if (Y.encodeStateVector(doc).length > 1) {
      if (this.#device) this.#device.change(this.#unsaved.add(Y.encodeStateAsUpdate(doc)));
      else this.#unsaved.add(undefined);
    }
    this.#takeNews(); // nobody listens yet
    doc.on('update', this.#onUpdate);
    doc.on('destroy', this.#onDocDestroy);
    this.#presence = new Presence(this.awareness, (update) => {
      if (this.#greeted) this.#connection?.send({ type: 'awareness', update });
      this.#device?.awareness(update);
    });
    globalThis.addEventListener?.('online', this.#onOnline);
    globalThis.addEventListener?.('offline', this.#onOffline);
    if (connect) this.connect();
  }

  get status(): Status {
    return this.#status;
  }

  /** Whether the server's document has arrived on this connection. */
  get synced(): boolean {
    return this.#status === 'synced';
  }

  /** Whether the document's content is here, from this device or from the server. Until then, write nothing. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Resolves when it is known what this device has of the document; `ready` then says whether it has its content. */
  async whenLoaded(): Promise<void> {
    await this.#device?.loaded;
  }

  /** Whether every local change is durable on the server. */
  get saved(): boolean {
    return this.#unsaved.count === 0;
  }

  /** How many local changes are not known to be durable on the server. */
  get unsavedChanges(): number {
    return this.#unsaved.count;
  }

  /** `saved`, `unsavedChanges`, whether they are kept on this device, and why not. */
  get savedState(): SavedState {
    this.#unsaved.device = this.#device;
    return this.#unsaved.state;
  }

  /** Why the provider does not connect again by itself; undefined while it does. */
  get closed(): Closed | undefined {
    return this.#reconnection.closedBy;
  }

  /** When the next attempt to connect comes, milliseconds since 1970; undefined when none is planned. */
  get nextAttemptAt(): number | undefined {
    return this.#reconnection.at;
  }

  /** What this peer may do, as the server said last. */
  get access(): Access | undefined {
    return this.#access;
  }

  /** Whether somebody wrote in the document with a newer schema than this client's: the server takes no edits from it. */
  get outdatedSchema(): boolean {
    return this.#outdatedSchema;
  }

  /** Connects, and stays connected, until `disconnect`. */
  connect(): void {
    if (this.#destroyed) throw new TypeError('The provider was destroyed.');
    this.#reconnection.want();
    if (this.#connection === undefined) this.#attempt();
  }

  /**
   * Connects after {@link DOCUMENT_REPLACED} and puts what is here into the document that has the name now. To take that
   * one instead, delete the copy on this device and begin with an empty `Y.Doc`.
   */
  adopt(): void {
    this.#place.leave();
    this.#unsaved.add(undefined);
    this.connect();
    this.#reportSaved();
  }

  /** Disconnects and stays so. Changes are kept and sent with the next `connect`. */
  disconnect(): void {
    this.#reconnection.stop();
    this.#presence.forgetOthers();
    this.#presence.leave();
    this.#connection?.end();
    this.#connection = undefined;
    this.#setStatus('offline');
  }

  /** Disconnects for good and lets go of the document. What is not saved then is on this device, or stays unsaved. */
  override destroy(): void {
    if (this.#destroyed) return;
    this.disconnect();
    this.#destroyed = true;
    this.doc.off('update', this.#onUpdate);
    this.doc.off('destroy', this.#onDocDestroy);
    this.#presence.destroy();
    this.#device?.close();
    globalThis.removeEventListener?.('online', this.#onOnline);
    globalThis.removeEventListener?.('offline', this.#onOffline);
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
    if (origin === this) {
      this.#changed = true;
      return;
    }
    const change = this.#unsaved.add(update);
    this.#device?.change(change);
    if (this.synced) this.#sendUnsent();
    this.#reportSaved();
  };

  /**
   * Has a whole document applied, in one transaction. For somebody who listens, Yjs would write all of it as an update
   * again; the provider knows it already. What others write upon that, before it is over, is theirs.
   */
  #takeIn(apply: () => void): void {
    let all: Y.Transaction | undefined;
    let isWritten = false;
    const note = (transaction: Y.Transaction): void => {
      all ??= transaction;
      isWritten ||= transaction.origin !== this;
    };
    this.doc.off('update', this.#onUpdate);
    this.doc.on('afterTransaction', note);
    try {
      this.doc.transact(apply, this);
    } finally {
      this.doc.off('afterTransaction', note);
      if (!this.#destroyed) this.doc.on('update', this.#onUpdate);
    }
    if (!isWritten || !all || this.#destroyed) return;
    this.#onUpdate(Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(all.afterState)), undefined);
  }

  #createDevice(address: string): Device {
    return new Device(address, {
      doc: this.doc,
      epoch: () => this.#place.epoch,
      isConnected: () => this.synced,
      unsaved: () => this.#unsaved.kept,
      onStored: (stored) => this.#onStored(stored),
      onContent: (update) => this.#apply(update),
      onChange: (change) => this.#onForeignChange(change),
      onAwareness: (update) => this.#presence.receiveFromTab(update),
      onTabOpened: () => this.#presence.announce(),
      onKept: () => this.#reportSaved(),
    });
  }

  #onStored({ record, updates, changes }: StoredCopy): void {
    const all = [...updates, ...changes.map(({ update }) => update)];
    this.#takeIn(() => {
      for (const update of all) Y.applyUpdate(this.doc, update, this);
    });
    for (const change of changes) this.#unsaved.addKept(change);
    if (record) {
      this.#place.restore(record);
      if (record.access !== undefined) this.#setAccess(record.access);
      this.#setReady();
    }
    this.#presence.enter();
    this.#reportSaved();
  }

  /** A change that another tab of this browser made; if that is closed now, nobody else sends it. */
  #onForeignChange(change: KeptChange): void {
    if (!this.#unsaved.addKept(change)) return;
    Y.applyUpdate(this.doc, change.update, this);
    this.#device?.heard(change);
    if (this.synced) this.#sendUnsent();
    this.#reportSaved();
  }

  /**
   * Applies what others did. The device keeps it also when it waits for something that is missing. Somebody who may write
   * can write what Yjs chokes on: what comes after it is taken all the same.
   */
  #apply(update: Uint8Array): void {
    this.#changed = false;
    const { clients } = this.doc.store;
    try {
      if (clients.size > 0) Y.applyUpdate(this.doc, update, this);
      else {
        this.#takeIn(() => Y.applyUpdate(this.doc, update, this));
        this.#changed = clients.size > 0;
      }
    } catch (error) {
      console.error('An update of the document cannot be applied.', error);
      return;
    }
    const { pendingStructs, pendingDs } = this.doc.store;
    if (this.#changed || pendingStructs !== null || pendingDs !== null) this.#device?.received(update);
  }

  readonly #onDocDestroy = (): void => this.destroy();

  readonly #onOnline = (): void => {
    if (this.#reconnection.wanted && this.#connection === undefined) this.#attempt();
  };

  readonly #onOffline = (): void => this.#connection?.drop();

  #attempt(): void {
    this.#reconnection.attempted();
    this.#greeted = false;
    this.#unsaved.forgetReasons();
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
    let token: string | undefined;
    try {
      [token] = await Promise.all([this.token(), this.#device?.loaded]);
    } catch {
      return this.#giveUp(connection);
    }
    if (connection === undefined || connection !== this.#connection) return;
    const { position } = this.#place;
    const hello: ClientHello = {
      protocol: PROTOCOL_VERSION,
      ...(token !== undefined && { token }),
      ...(this.#options.schema !== undefined && { schema: this.#options.schema }),
      // Without a position the server asks for what it lacks, which is the only way to send everything.
      ...(position && !this.#unsaved.includesEverything && { resume: position }),
    };
    this.#unsaved.resend();
    this.#greeted = true;
    connection.send({ type: 'hello', hello });
    connection.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) });
    this.#presence.enter();
  }

  /** What proves who one is, as the server is shown it: for requests of its HTTP API. Rejects when it can't be had. */
  async token(): Promise<string | undefined> {
    const { token } = this.#options;
    return typeof token === 'function' ? token() : token;
  }

  /** There is no token to be had at present; that says nothing about what the server would think of one. */
  #giveUp(connection: ServerConnection | undefined): void {
    if (connection === undefined || connection !== this.#connection) return;
    connection.end();
    this.#onClose({ code: NO_TOKEN, reason: 'There is no token.' });
  }

  /** A new token on the same connection. One that can't be had, or is not taken, is asked for again by reconnecting. */
  async #renewToken(connection: ServerConnection | undefined): Promise<void> {
    if (typeof this.#options.token !== 'function') return;
    const token = await this.token().catch(() => undefined);
    if (token === undefined || connection !== this.#connection) return;
    connection?.send({ type: 'token', token });
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        return this.#onWelcome(message.welcome);
      case 'sync-step-1':
        if (!this.#isAcquainted(message.stateVector)) return;
        this.#unsaved.takeUnsent(); // all of it is in the answer
        this.#connection?.send({
          type: 'sync-step-2',
          update: Y.encodeStateAsUpdate(this.doc, message.stateVector),
        });
        return this.#askStatus();
      case 'update':
        return this.#apply(message.update);
      case 'sync-step-2':
        this.#apply(message.update);
        return this.#onSynced();
      case 'awareness':
        return this.#presence.receive(message.update);
      case 'query-awareness':
        return this.#presence.announce();
      case 'position':
        return this.#onPosition(message.seq);
      case 'sync-status':
        return this.#onAcknowledged(decodeNumber(message.payload));
      case 'refusal':
        this.#unsaved.refusal = message.refusal.message;
        this.#reconnection.notBefore(message.refusal.retryAfterMs ?? 0);
        this.#reportSaved();
        this.emit('refused', [message.refusal]);
        return;
      case 'event':
        this.#onEvent(message.event);
        this.emit('event', [message.event]);
        return;
      case 'auth-denied':
        return;
    }
  }

  #onWelcome(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#connection?.expectMessageEvery(Math.min(SILENT_HEARTBEATS * welcome.limits.heartbeatMs, LONGEST_TIMER_MS));
    this.#setAccess(welcome.access);
    this.#place.welcomed(welcome);
  }

  /**
   * Whether the server's document is this one. It is under another epoch also when it was restored or repaired; it then
   * may lack anything, and gets everything. What has nothing in common with this one has only taken its name.
   */
  #isAcquainted(stateVector: Uint8Array): boolean {
    if (!this.#place.isUnfamiliar) return true;
    if (this.#place.stored && !sharesHistory(this.doc, stateVector)) {
      this.#connection?.end();
      this.#onClose({ code: 4404, reason: DOCUMENT_REPLACED });
      return false;
    }
    this.#place.acquainted();
    this.#unsaved.add(undefined);
    this.#reportSaved();
    return true;
  }

  #onPosition(seq: number): void {
    this.#place.reached(seq);
    this.#reached();
  }

  #onAcknowledged(number: number): void {
    const { count } = this.#unsaved;
    const durable = this.#unsaved.acknowledge(number);
    if (this.#unsaved.count < count) this.#place.keptOurs();
    this.#device?.acknowledged(durable);
    this.#reached();
    this.#reportSaved();
  }

  /** The copy on this device is of the server's log, and complete up to the position. */
  #reached(): void {
    const { epoch, position, stored } = this.#place;
    if (epoch !== undefined) this.#device?.reached({ epoch, seq: position?.seq, stored, access: this.#access });
  }

  #setAccess(access: Access): void {
    if (access === this.#access) return;
    this.#access = access;
    this.#reached();
    this.emit('access', [{ access }]);
  }

  #setReady(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.emit('ready', []);
  }

  #onEvent(event: DocumentEvent): void {
    switch (event.type) {
      case 'store':
        return this.#onStoreEvent(event);
      case 'schema':
        return this.#onSchemaEvent(event);
      case 'access':
        if (isAccess(event['access'])) this.#setAccess(event['access']);
        return;
      case 'token-expiring':
        void this.#renewToken(this.#connection);
        return;
    }
  }

  #onStoreEvent({ available, message }: DocumentEvent): void {
    this.#unsaved.storeTrouble = available === false ? String(message) : undefined;
    this.#reportSaved();
  }

  #onSchemaEvent({ version }: DocumentEvent): void {
    const { schema } = this.#options;
    this.#outdatedSchema = schema !== undefined && typeof version === 'number' && version > schema;
  }

  #onSynced(): void {
    this.#reconnection.succeeded();
    if (this.#welcome) this.#place.synced(this.#welcome);
    this.#reached();
    this.#setReady();
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
    // The server says that this one is gone; the other tabs see that it is not.
    this.#presence.enter();
    this.#setStatus('offline');
    if (!this.#reconnection.wanted) return;
    this.#reconnection.closed(closed, () => this.#attempt());
    if (this.closed) this.emit('closed', [this.closed]);
  }

  #setStatus(status: Status): void {
    if (status === this.#status) return;
    const wasSynced = this.synced;
    this.#status = status;
    this.emit('status', [{ status }]);
    if (wasSynced !== this.synced) this.emit('sync', [this.synced]);
  }

  #reportSaved(): void {
    const news = this.#takeNews();
    if (news) this.emit('saved', [news]);
  }

  #takeNews(): SavedState | undefined {
    this.#unsaved.device = this.#device;
    return this.#unsaved.takeNews();
  }

  #when(event: 'sync' | 'saved', holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (holds()) resolve();
        else if (this.closed) reject(new Error(`The server closed the document: ${this.closed.reason}`));
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
