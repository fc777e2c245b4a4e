import * as Y from 'yjs';
import { applyUpdate } from './split-structs.ts';
import { keepUndonePlaces } from './undo-places.ts';

/** How long changes wait where no frame is drawn, as in a hidden tab, in milliseconds. */
const WITHOUT_FRAMES_MS = 250;

/** What a working copy asks of those around it. */
export interface WorkingCopyContext {
  /** Whether changes of others have to wait, as while a character is being composed. Asked again with each frame. */
  mustWait(): boolean;
  /**
   * Whether the copy may have what changed. `touched` are the types of the shared document that others changed since
   * the last time; undefined when it is all to be looked at.
   */
  admits(touched: ReadonlySet<object> | undefined): boolean;
  /** It is all admitted, and is about to be shown. */
  onStarting(): void;
  /** Something was not admitted: nothing flows any more. */
  onStopped(): void;
}

/**
 * The document that the editor is bound to: the shared one, but for changes of others that have to wait.
 *
 *     shared ── touched, update ──▶ [ next frame, nobody composes, admitted ] ──▶ copy ──▶ editor
 *        ▲                                                                         │
 *        └──────────────────────────── update, at once ◀───────────────────────────┘
 *
 * The editor's binding deletes what it cannot show, wherever it meets it, and tears a composition apart. With a copy it
 * never meets it, and the shared document is not touched, while what the person writes merges as from any other peer.
 */
export class WorkingCopy {
  readonly doc = new Y.Doc();
  readonly #shared: Y.Doc;
  readonly #context: WorkingCopyContext;
  /** Changes of others that the copy does not have yet; undefined while nothing flows. */
  #queue: Uint8Array[] | undefined;
  readonly #touched = new Set<object>();
  #writable = false;
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(shared: Y.Doc, context: WorkingCopyContext) {
    this.#shared = shared;
    this.#context = context;
    keepUndonePlaces(this.doc);
    this.doc.on('update', this.#onOwnUpdate);
    shared.on('afterTransaction', this.#onSharedTransaction);
  }

  /** Whether it follows the shared document. */
  get flows(): boolean {
    return this.#queue !== undefined;
  }

  /**
   * Whether what is written in it goes to the shared document. The binding also writes by itself, where edits that were
   * made at the same time do not go together: who may only read, leaves that to others.
   */
  get writable(): boolean {
    return this.#writable && this.flows;
  }

  set writable(writable: boolean) {
    if (writable === this.#writable) return;
    this.#writable = writable;
    if (this.writable) this.#catchUp();
  }

  /** Brings it up to date, if the context admits that, and keeps it so. */
  start(): void {
    if (this.flows || !this.#context.admits(undefined)) return;
    this.#touched.clear();
    this.#queue = [];
    // Not before: of what arrives first, the whole document, Yjs would write an update for nobody.
    this.#shared.on('update', this.#onSharedUpdate);
    this.#context.onStarting();
    const missing = Y.encodeStateAsUpdate(this.#shared, Y.encodeStateVector(this.doc));
    // What the binding writes upon it is found by catching up; for who listens, Yjs would write all of it once more.
    this.doc.off('update', this.#onOwnUpdate);
    Y.applyUpdate(this.doc, missing, this);
    this.doc.on('update', this.#onOwnUpdate);
    if (this.writable) this.#catchUp();
  }

  /** Parts the two: nothing flows any more, in either direction, until `start`. */
  stop(): void {
    this.#queue = undefined;
    this.#shared.off('update', this.#onSharedUpdate);
    this.#touched.clear();
    this.#cancel();
  }

  /** Ends it; the shared document stays as it is. */
  destroy(): void {
    this.stop();
    this.#shared.off('afterTransaction', this.#onSharedTransaction);
    this.doc.destroy();
  }

  readonly #onOwnUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin !== this && this.writable) applyUpdate(this.#shared, update, this);
  };

  /** The shared document gets what the binding wrote while nothing was to be written. */
  #catchUp(): void {
    if (Y.equalSnapshots(Y.snapshot(this.doc), Y.snapshot(this.#shared))) return;
    Y.applyUpdate(this.#shared, Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(this.#shared)), this);
  }

  readonly #onSharedTransaction = ({ origin, changed }: Y.Transaction): void => {
    if (origin === this || !this.flows) return;
    for (const type of changed.keys()) this.#touched.add(type);
  };

  readonly #onSharedUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === this || this.#queue === undefined) return;
    this.#queue.push(update);
    this.#schedule();
  };

  #schedule(): void {
    if (this.#timer !== undefined) return;
    this.#frame = requestAnimationFrame(this.#flush);
    this.#timer = setTimeout(this.#flush, WITHOUT_FRAMES_MS);
  }

  #cancel(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = undefined;
    this.#timer = undefined;
  }

  readonly #flush = (): void => {
    this.#cancel();
    if (this.#context.mustWait()) return this.#schedule();
    const touched = new Set(this.#touched);
    this.#touched.clear();
    if (!this.#context.admits(touched)) {
      this.stop();
      return this.#context.onStopped();
    }
    const updates = this.#queue?.splice(0) ?? [];
    try {
      // One transaction, so that the editor is changed once.
      this.doc.transact(() => {
        for (const update of updates) applyUpdate(this.doc, update, this);
      }, this);
    } catch (error) {
      // Who may write can write what the editor chokes on; what comes after it is shown all the same.
      console.error('A change of the document cannot be shown.', error);
    }
  };
}
