import * as Y from 'yjs';
import { type DeviceTrouble, LocalCopy, type Place, type StoredCopy } from './local-copy.ts';
import type { KeptChange } from './local-database.ts';
import { Tabs } from './tabs.ts';

/** What a device needs of the provider that it serves. */
export interface DeviceContext {
  readonly doc: Y.Doc;
  /** The log that the document belongs to, where it is known. */
  epoch(): string | undefined;
  isConnected(): boolean;
  /** What the server has not acknowledged. */
  unsaved(): readonly KeptChange[];
  /** What the device had of the document, when it was opened. */
  onStored(stored: StoredCopy): void;
  /** Another tab has content that may be new here; the server has it. */
  onContent(update: Uint8Array): void;
  /** Another tab changed the document; whether the server has that nobody knows. */
  onChange(change: KeptChange): void;
  onAwareness(update: Uint8Array): void;
  /** Another tab opened the document and does not know who is here. */
  onTabOpened(): void;
  /** What is kept has changed. */
  onKept(): void;
}

/** This browser, as far as a document is concerned: the copy in its storage, and its other tabs. */
export class Device {
  /** Resolves when what was stored has been read; it never rejects. */
  readonly loaded: Promise<void>;
  readonly #copy: LocalCopy;
  readonly #tabs: Tabs;
  readonly #context: DeviceContext;
  #closed = false;

  constructor(address: string, context: DeviceContext) {
    this.#context = context;
    this.#copy = new LocalCopy(address, {
      snapshot: () => Y.encodeStateAsUpdate(context.doc),
      isConnected: () => context.isConnected(),
      onChange: () => context.onKept(),
    });
    this.#tabs = new Tabs(address, {
      epoch: () => context.epoch(),
      onHello: (stateVector) => {
        context.onTabOpened();
        return { update: Y.encodeStateAsUpdate(context.doc, stateVector), changes: context.unsaved() };
      },
      onState: (update) => context.onContent(update),
      onChange: (change) => context.onChange(change),
      onAwareness: (update) => context.onAwareness(update),
    });
    this.loaded = this.#load();
  }

  /** Whether every change is in the storage of this device. */
  get kept(): boolean {
    return this.#copy.kept;
  }

  get trouble(): DeviceTrouble | undefined {
    return this.#copy.trouble;
  }

  /** A change was made in this tab. */
  change(change: KeptChange): void {
    this.#copy.keep(change);
    this.#tabs.change(change.id, change.update);
  }

  /** A change came from another tab. It is kept by this one too, because it may be the one that gets it to the server. */
  heard(change: KeptChange): void {
    this.#copy.keep(change);
  }

  /** The document has this from somebody else. */
  received(update: Uint8Array): void {
    this.#copy.received(update);
  }

  acknowledged(changes: readonly KeptChange[]): void {
    if (changes.length > 0) this.#copy.acknowledged(changes);
  }

  reached(place: Place): void {
    this.#copy.reached(place);
  }

  awareness(update: Uint8Array): void {
    this.#tabs.awareness(update);
  }

  close(): void {
    this.#closed = true;
    this.#tabs.close();
    this.#copy.close();
  }

  async #load(): Promise<void> {
    const stored = await this.#copy.load();
    if (this.#closed) return;
    this.#context.onStored(stored);
    this.#tabs.hello(Y.encodeStateVector(this.#context.doc));
  }
}
