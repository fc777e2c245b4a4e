import pLimit, { type LimitFunction } from 'p-limit';
import * as Y from 'yjs';
import type { DocumentInfo, Storage } from '../persistence/index.ts';
import { asScriptoriumError, ScriptoriumError } from '../protocol/index.ts';
import { Budget } from './budget.ts';
import { CommitPacer } from './commit-pacer.ts';
import { DocumentLoader, type LoadDocument } from './document-loader.ts';
import { DocumentLog, type LogContext } from './document-log.ts';
import type { CoreLoad } from './flush-pacer.ts';
import type { Logger } from './logger.ts';
import type { Limits } from './options.ts';
import { Quarantine } from './quarantine.ts';
import { Room } from './room.ts';
import type { Seed } from './seed.ts';
import { SnapshotCache } from './snapshot-cache.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

/** What the registry of rooms needs from its surroundings. */
export interface RoomsContext extends Omit<LogContext, 'budget' | 'snapshots' | 'commitPacer'> {
  readonly snapshotReader: SnapshotReader;
  readonly coreLoad: CoreLoad;
  readonly limits: Limits;
  readonly logger: Logger;
  /** Asked for documents that the store does not have. */
  readonly loadDocument?: LoadDocument;
}

interface OpenRoom {
  readonly room: Promise<Room>;
  /** How many hold the room: a join under way, a call of the API. */
  holds: number;
}

/** The state vector of somebody who has nothing. */
const NOTHING_KNOWN = Uint8Array.of(0);

/** The open rooms. A room is opened once, however many come at once, and closed when nobody is left and all is durable. */
export class Rooms {
  readonly #context: RoomsContext;
  readonly #open = new Map<string, OpenRoom>();
  readonly #budget: Budget;
  readonly #snapshots: SnapshotCache;
  readonly #commitPacer: CommitPacer;
  readonly #loads: LimitFunction;
  readonly #inTrouble = new Set<Room>();
  readonly #quarantine: Quarantine;
  readonly #loader: DocumentLoader | undefined;
  #stopping = false;

  constructor(context: RoomsContext) {
    this.#context = context;
    this.#budget = new Budget(context.limits.maxTotalPendingBytes);
    this.#loads = pLimit(context.limits.maxConcurrentLoads);
    this.#commitPacer = new CommitPacer(context.clock, context.coreLoad);
    this.#snapshots = new SnapshotCache({
      storage: context.storage,
      reader: context.snapshotReader,
      maxBytes: context.limits.snapshotCacheBytes,
    });
    this.#quarantine = new Quarantine(context.clock, context.logger);
    const { loadDocument: load } = context;
    this.#loader = load && new DocumentLoader({ ...context, load });
  }

  get storage(): Storage {
    return this.#context.storage;
  }

  get size(): number {
    return this.#open.size;
  }

  /** How many documents wait to be read. */
  get waiting(): number {
    return this.#loads.pendingCount;
  }

  /** How many open documents' edits the store does not take. */
  get inTrouble(): number {
    return this.#inTrouble.size;
  }

  /** What the cache of snapshots holds, and how often it helped. */
  get snapshots(): SnapshotCache['usage'] {
    return this.#snapshots.usage;
  }

  /** Whether every room that writes finds the store answering. */
  get storeAnswers(): boolean {
    return this.#inTrouble.size === 0;
  }

  /** Whether the document could not be read when it was asked for. */
  isUnreadable(document: string): boolean {
    return this.#quarantine.has(document);
  }

  /** The name of who wrote last in a document that is open; undefined where that is not known. */
  async writer(document: string): Promise<string | undefined> {
    return (await this.#open.get(document)?.room.catch(() => undefined))?.writer;
  }

  /**
   * Does something with a document's room, which stays open at least until that is done.
   * @throws ScriptoriumError STORE_UNAVAILABLE, DOCUMENT_UNREADABLE, LOAD_FAILED, SERVER_STOPPING, SERVER_BUSY
   */
  async use<T>(document: string, act: (room: Room) => T | Promise<T>): Promise<T> {
    if (this.#stopping) throw new ScriptoriumError('SERVER_STOPPING', 'The server is stopping.');
    let open = this.#open.get(document);
    if (open === undefined) {
      if (this.#loads.pendingCount >= this.#context.limits.maxWaitingJoins) {
        throw new ScriptoriumError('SERVER_BUSY', 'Too many documents wait to be opened; try again later.');
      }
      open = { room: this.#openRoom(document), holds: 0 };
      this.#open.set(document, open);
    }
    open.holds++;
    try {
      return await act(await open.room);
    } finally {
      open.holds--;
      if (open.holds === 0) this.#release(document, open);
    }
  }

  /** What is known of a document; undefined when it is nowhere. */
  async info(document: string): Promise<DocumentInfo | undefined> {
    await this.#load(document);
    return this.storage.info(document);
  }

  /**
   * Makes the document with what it begins with, once: one that exists, or in which somebody wrote, is left as it is.
   * Resolves when it is durable.
   * @throws ScriptoriumError MALFORMED_UPDATE; STORE_UNAVAILABLE, when it may be made later all the same
   */
  seed(document: string, seed: Seed): Promise<{ readonly created: boolean; readonly info: DocumentInfo }> {
    return this.use(document, async (room) => {
      const created = await this.#inTime(room.seed(seed));
      return { created, info: await room.log.ensureStored() };
    });
  }

  /** The document, made if it is not there yet, with a title where one is given. */
  create(document: string, title?: string): Promise<DocumentInfo> {
    return this.use(document, async (room) => {
      const info = await room.log.ensureStored();
      return title === undefined ? info : this.setTitle(document, title);
    });
  }

  /**
   * Gives the document a title and tells its peers.
   * @throws ScriptoriumError DOCUMENT_NOT_FOUND when it is neither stored nor open
   */
  async setTitle(document: string, title: string): Promise<DocumentInfo> {
    await this.#mustBeThere(document);
    return this.use(document, async (room) => {
      const { epoch } = await room.log.ensureStored();
      const info = await this.storage.setTitle(document, epoch, title, this.#context.clock.now());
      room.announce({ type: 'title', title });
      return info;
    });
  }

  /**
   * Takes an edit that no peer made, which makes the document if it is not there yet. Resolves when it is durable.
   * @throws ScriptoriumError MALFORMED_UPDATE; STORE_UNAVAILABLE, when it may be stored later all the same
   */
  edit(document: string, update: Uint8Array): Promise<void> {
    return this.use(document, async (room) => {
      await room.log.ensureStored();
      await this.#inTime(room.edit(update));
    });
  }

  /**
   * The document as one Yjs V1 update, with what waits for the store.
   * @throws ScriptoriumError DOCUMENT_NOT_FOUND when it is neither stored nor open
   */
  async readUpdate(document: string): Promise<Uint8Array> {
    await this.#mustBeThere(document);
    let updates: Uint8Array[] = [];
    await this.use(document, ({ log }) =>
      log.withUpdatesFor(NOTHING_KNOWN, ({ base, later }) => {
        updates = base ? [base, ...later] : [...later];
      }),
    );
    const { update } = await this.#context.compactor.compact(undefined, updates);
    return Y.convertUpdateFormatV2ToV1(update);
  }

  /**
   * Deletes the document and sends its peers away. False when there is none.
   * @throws ScriptoriumError DOCUMENT_UNREADABLE when it can't be read, unless it is to go `evenUnreadable`
   */
  async delete(document: string, evenUnreadable = false): Promise<boolean> {
    // Its bytes may be all that is left of it: nobody loses them by mistake.
    if (!evenUnreadable) await (this.#open.get(document)?.room ?? this.#readLog(document));
    const deleted = await (evenUnreadable ? this.storage.discard(document) : this.storage.delete(document));
    this.#quarantine.release(document);
    if (!deleted) return false;
    const room = await this.#open.get(document)?.room.catch(() => undefined);
    room?.close(new ScriptoriumError('DOCUMENT_DELETED', 'The document was deleted.'));
    return true;
  }

  /** Sends everybody away and resolves when all is durable. No room opens any more. */
  async close(error: ScriptoriumError): Promise<void> {
    this.#stopping = true;
    this.#loader?.stop(error);
    await Promise.all(
      [...this.#open.values()].map(async ({ room: opening }) => {
        const room = await opening.catch(() => undefined);
        room?.close(error);
        await room?.log.flush();
        room?.log.close();
      }),
    );
  }

  async #openRoom(document: string): Promise<Room> {
    const { clock, coreLoad, limits, logger, metrics } = this.#context;
    const log = await this.#openLog(document);
    const opened = this.#open.get(document);
    const room: Room = new Room({
      log,
      clock,
      coreLoad,
      limits,
      metrics,
      peerLimits: { maxMessageBytes: limits.maxMessageBytes, heartbeatMs: limits.heartbeatMs },
      onEmpty: () => opened && this.#release(document, opened),
      onClosed: () => opened && this.#forget(document, opened),
      onStoreTrouble: (trouble) => {
        if (trouble) this.#inTrouble.add(room);
        else this.#inTrouble.delete(room);
        if (trouble) logger.error({ document, err: trouble }, 'the store does not take edits');
        else logger.info({ document }, 'the store takes edits again');
      },
      onLost: (error) => (error.code === 'DOCUMENT_UNREADABLE' ? this.#quarantine.add(document, error) : error),
      onCompactionError: (error) => logger.error({ document, err: error }, 'a compaction failed; it is tried again'),
    });
    return room;
  }

  /** What the store does not have is asked for elsewhere, first of all and by nobody else meanwhile. */
  async #openLog(document: string): Promise<DocumentLog> {
    const read = (): Promise<DocumentLog> => this.#loads(() => this.#readLog(document));
    const log = await read();
    return !log.isBegun && (await this.#loader?.load(document)) ? read() : log;
  }

  async #readLog(document: string): Promise<DocumentLog> {
    this.#quarantine.check(document);
    const context = {
      ...this.#context,
      budget: this.#budget,
      snapshots: this.#snapshots,
      commitPacer: this.#commitPacer,
    };
    // Twice: it may have been deleted, or compacted by a room that is closing, while it was read.
    for (const attempt of ['first', 'last']) {
      try {
        const log = await DocumentLog.open(document, context);
        this.#quarantine.release(document);
        return log;
      } catch (thrown) {
        const error = asScriptoriumError(thrown);
        if (error.code !== 'DOCUMENT_UNREADABLE') throw error;
        if (attempt === 'last') throw this.#quarantine.add(document, error);
      }
    }
    throw new TypeError('a document is read or it is not');
  }

  /** @throws ScriptoriumError STORE_UNAVAILABLE when it takes too long */
  #inTime<T>(work: Promise<T>): Promise<T> {
    const { clock, limits } = this.#context;
    let cancel = (): void => {};
    const waitedTooLong = new Promise<never>((_, reject) => {
      const error = new ScriptoriumError('STORE_UNAVAILABLE', 'It was taken; it still waits for the store.');
      cancel = clock.after(limits.storeTimeoutMs, () => reject(error));
    });
    return Promise.race([work, waitedTooLong]).finally(cancel);
  }

  /** Opens a document that may be elsewhere, so that it is here. */
  async #load(document: string): Promise<void> {
    if (this.#loader === undefined) return;
    const isHere = !this.#open.has(document) && (await this.storage.info(document)) !== undefined;
    if (!isHere) await this.use(document, () => {});
  }

  async #mustBeThere(document: string): Promise<void> {
    await this.#load(document);
    if (this.#open.has(document) || (await this.storage.info(document)) !== undefined) return;
    throw new ScriptoriumError('DOCUMENT_NOT_FOUND', 'There is no such document.');
  }

  /** Closes the room once all is durable, unless somebody holds it then. */
  #release(document: string, open: OpenRoom): void {
    open.room
      .then(async (room) => {
        if (room.peerCount > 0) return;
        await room.log.settle();
        // Somebody may have come, written and left meanwhile: then their own release waits for what they wrote.
        if (open.holds > 0 || room.peerCount > 0 || !room.log.isDurable) return;
        this.#forget(document, open);
        room.log.close();
      })
      // It did not open: whoever wanted it knows, and the next one tries again.
      .catch(() => this.#forget(document, open));
  }

  #forget(document: string, open: OpenRoom): void {
    if (this.#open.get(document) === open) this.#open.delete(document);
  }
}
