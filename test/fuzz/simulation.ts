import { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/provider.ts';
import { MemoryStorage, type Storage } from '../../persistence/index.ts';
import { Coverage, decodeUpdateContent, ScriptoriumError } from '../../protocol/index.ts';
import type { Clock } from '../../server/clock.ts';
import { compact } from '../../server/compaction.ts';
import type { Compactor } from '../../server/compactor.ts';
import { silentLogger } from '../../server/logger.ts';
import { Metrics } from '../../server/metrics.ts';
import { DEFAULT_LIMITS } from '../../server/options.ts';
import { Rooms } from '../../server/rooms.ts';
import { type MortalStorage, mortalStorage, type StoreFaults } from '../support/mortal-storage.ts';
import { seededRandom } from '../support/random.ts';
import { snapshotReader } from '../support/snapshot-reader.ts';
import { Network } from './network.ts';
import { contentOf, randomEdit } from './random-edit.ts';

const DOCUMENT = 'fuzz';

/** Somebody in the simulation: a client of ours, or an unmodified one of `y-websocket`. */
interface Peer {
  readonly doc: Y.Doc;
  readonly provider: ScriptoriumProvider | WebsocketProvider;
  connected: boolean;
}

/** What a simulation ends with, all of which has to be the same. */
export interface Outcome {
  readonly contents: unknown[];
  readonly stateVectors: string[];
  /** The document as a client would read it from what is stored, without any server. */
  readonly stored: { readonly content: unknown; readonly stateVector: string };
  /** How many changes were acknowledged. */
  readonly acknowledged: number;
  /** How many of these are not stored. */
  readonly lost: number;
}

/**
 * Peers, a server and a network without sockets or time, driven by one seed: edits, disconnects, late joins, duplicated
 * and reordered deliveries, graceful restarts and crashes of the server in any order.
 */
export class Simulation {
  readonly #random: () => number;
  readonly #disk: Storage = new MemoryStorage();
  readonly #network: Network;
  readonly #faults: StoreFaults;
  readonly #maxPendingBytes: number;
  readonly #peers: Peer[] = [];
  /** Local changes whose author was told that they are saved. */
  readonly #acknowledged = new Set<Uint8Array>();
  #now = 0;
  #deferred: { readonly at: number; run(): void }[] = [];
  #server: { rooms: Rooms; store: MortalStorage };

  constructor(seed: number, peers: number) {
    this.#random = seededRandom(seed);
    this.#network = new Network(DOCUMENT, this.#random, this.#random() < 0.5);
    // In half of the seeds the store is slow and no worse; in a third little may wait for it.
    const faulty = this.#random() < 0.5;
    this.#faults = { failRate: faulty ? this.#random() * 0.5 : 0, hangRate: faulty ? this.#random() * 0.1 : 0 };
    this.#maxPendingBytes = this.#random() < 0.3 ? 200 : DEFAULT_LIMITS.maxPendingBytes;
    this.#server = this.#boot();
    for (let i = 0; i < peers; i++) this.#addPeer();
  }

  async run(steps: number): Promise<Outcome> {
    for (let i = 0; i < steps; i++) await this.#step();
    this.#server.store.heal();
    for (const peer of this.#peers) this.#connect(peer);
    await this.#settle();
    const stored = await this.#readStored();
    const seen = new Coverage();
    seen.add(decodeUpdateContent(Y.encodeStateAsUpdate(stored)));
    const outcome = {
      contents: this.#peers.map(({ doc }) => contentOf(doc)),
      stateVectors: this.#peers.map(({ doc }) => stateVectorOf(doc)),
      stored: { content: contentOf(stored), stateVector: stateVectorOf(stored) },
      acknowledged: this.#acknowledged.size,
      lost: [...this.#acknowledged].filter((update) => !seen.covers(decodeUpdateContent(update))).length,
    };
    for (const { provider, doc } of this.#peers) {
      provider.destroy();
      doc.destroy();
    }
    return outcome;
  }

  async #step(): Promise<void> {
    const dice = this.#random();
    const peer = this.#peers[Math.floor(this.#random() * this.#peers.length)];
    if (peer === undefined) return;
    if (dice < 0.3) randomEdit(peer.doc, this.#random);
    else if (dice < 0.6) this.#times(30, () => this.#network.step());
    else if (dice < 0.72) this.#times(4, () => this.#server.store.step());
    else if (dice < 0.86) this.#runDeferred();
    else if (dice < 0.9) this.#toggle(peer);
    else if (dice < 0.905) this.#addPeer();
    else if (dice < 0.93) this.#cutOne();
    else if (dice < 0.933) await this.#restart();
    else if (dice < 0.94) this.#crash();
    else await nextTurn();
    await Promise.resolve();
  }

  #times(most: number, act: () => unknown): void {
    for (let n = this.#random() * most; n > 0; n--) act();
  }

  /** Everything that is under way arrives, and what follows from it, until nothing is. */
  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      await nextTurn();
      this.#reconnect(); // who was sent away, because the room could not be opened
      const moved = this.#network.step();
      const ran = this.#runDeferred();
      const stored = this.#server.store.step();
      quiet = moved || ran || stored ? 0 : quiet + 1;
    }
  }

  #addPeer(): void {
    const doc = new Y.Doc();
    doc.clientID = Math.floor(this.#random() * 2 ** 32);
    // Some bring something along, which the provider has not seen written.
    if (this.#random() < 0.2) randomEdit(doc, this.#random);
    const WebSocket = this.#network.WebSocket;
    const awareness = new Awareness(doc);
    if (this.#random() < 0.3) {
      const provider = new WebsocketProvider('ws://simulated/sync', DOCUMENT, doc, {
        WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
        disableBc: true,
        awareness,
      });
      this.#peers.push({ doc, provider, connected: true });
      return;
    }
    const provider = new ScriptoriumProvider('ws://simulated/sync', DOCUMENT, doc, { WebSocket, awareness });
    const written: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== provider) written.push(update);
    });
    provider.on('saved', ({ unsavedChanges }) => {
      const saved = Math.max(0, written.length - unsavedChanges);
      for (const update of written.slice(0, saved)) this.#acknowledged.add(update);
    });
    this.#peers.push({ doc, provider, connected: true });
  }

  #toggle(peer: Peer): void {
    if (!peer.connected) return this.#connect(peer);
    peer.connected = false;
    peer.provider.disconnect();
  }

  #connect(peer: Peer): void {
    peer.connected = true;
    peer.provider.connect();
  }

  async #restart(): Promise<void> {
    this.#network.rooms = undefined;
    let stopped = false;
    const closing = this.#server.rooms.close(new ScriptoriumError('SERVER_STOPPING', 'The server is stopping.'));
    void closing.then(() => {
      stopped = true;
    });
    while (!stopped) {
      this.#server.store.step();
      this.#runDeferred();
      await nextTurn();
    }
    this.#server.store.die();
    this.#network.cut();
    this.#server = this.#boot();
    this.#reconnect();
  }

  /** SIGKILL, as the peers see it. Some of them are gone with it, and what only they knew is theirs to lose. */
  #crash(): void {
    this.#server.store.die();
    this.#deferred = [];
    this.#network.cut();
    this.#server = this.#boot();
    const deathRate = this.#random();
    for (const peer of [...this.#peers]) {
      if (this.#random() >= deathRate) continue;
      this.#peers.splice(this.#peers.indexOf(peer), 1);
      peer.provider.destroy();
      peer.doc.destroy();
      this.#addPeer();
    }
    this.#reconnect();
  }

  #cutOne(): void {
    this.#network.cutOne();
    this.#reconnect();
  }

  /** Without waiting for the providers' own timers. */
  #reconnect(): void {
    for (const peer of this.#peers) if (peer.connected) peer.provider.connect();
  }

  #boot(): { rooms: Rooms; store: MortalStorage } {
    const store = mortalStorage(this.#disk, this.#random, this.#faults);
    const { storage } = store;
    const clock: Clock = {
      now: () => this.#now,
      defer: (run) => void this.#deferred.push({ at: this.#now, run }),
      after: (delayMs, run) => {
        const timer = { at: this.#now + delayMs, run };
        this.#deferred.push(timer);
        return () => {
          this.#deferred = this.#deferred.filter((other) => other !== timer);
        };
      },
    };
    const compactor: Compactor = {
      compact: async (snapshot, updates) => compact({ snapshot, updates }),
      close: async () => {},
    };
    // In half of the seeds hardly anything stays in memory.
    const snapshotCacheBytes = this.#random() < 0.5 ? 1_000 : DEFAULT_LIMITS.snapshotCacheBytes;
    const limits = {
      ...DEFAULT_LIMITS,
      snapshotCacheBytes,
      compactEntries: 10,
      maxPendingBytes: this.#maxPendingBytes,
    };
    const coreLoad = () => this.#random();
    const rooms = new Rooms({
      storage,
      compactor,
      snapshotReader,
      clock,
      coreLoad,
      limits,
      metrics: new Metrics(),
      logger: silentLogger(),
    });
    this.#network.rooms = rooms;
    return { rooms, store };
  }

  #runDeferred(): boolean {
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const { at, run } of deferred) {
      this.#now = Math.max(this.#now, at); // nobody waits: the time comes to them
      run();
    }
    return deferred.length > 0;
  }

  async #readStored(): Promise<Y.Doc> {
    const doc = new Y.Doc();
    const info = await this.#disk.info(DOCUMENT);
    if (info === undefined) return doc;
    const snapshot = await this.#disk.snapshot(DOCUMENT, info.epoch);
    if (snapshot) Y.applyUpdateV2(doc, snapshot.update);
    const entries = await this.#disk.read(DOCUMENT, info.epoch, snapshot?.seq ?? 0);
    for (const { update } of entries) Y.applyUpdate(doc, update);
    return doc;
  }
}

function stateVectorOf(doc: Y.Doc): string {
  return JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b));
}

/** All microtasks and what the storage does in them. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
