import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import type { Keystroke, Ledger } from './ledger.ts';

/** So many keystrokes of one writer wait for their ack at most; each writer has a bound of its own below it. */
const MAX_AHEAD = 40;
const DELETION_RATE = 0.15;

/** Somebody who types as fast as acks come, and enters in the ledger what was typed and what is saved. */
export class Writer {
  readonly provider: ScriptoriumProvider;
  /** Resolves when it has lost its connection, after all that came through it. It does not come back. */
  readonly gone: Promise<void>;
  readonly #ledger: Ledger;
  readonly #random: () => number;
  readonly #onAcknowledged: (count: number) => void;
  readonly #ahead: number;
  readonly #keystrokes: Keystroke[] = [];
  #acknowledged = 0;
  #active = true;

  constructor(
    syncUrl: string,
    ledger: Ledger,
    random: () => number,
    onAcknowledged: (count: number) => void = () => {},
  ) {
    this.#ledger = ledger;
    this.#random = random;
    this.#onAcknowledged = onAcknowledged;
    this.#ahead = 1 + Math.floor(random() * MAX_AHEAD);
    this.provider = new ScriptoriumProvider(syncUrl, ledger.document, new Y.Doc());
    this.provider.on('saved', ({ unsavedChanges }) => this.#acknowledge(this.#keystrokes.length - unsavedChanges));
    this.gone = new Promise((resolve) => {
      this.provider.on('status', ({ status }) => {
        if (status === 'synced') this.#typeSoon();
        if (status !== 'offline') return;
        if (this.#active) this.leave();
        resolve();
      });
    });
  }

  /** Ends it, whatever it has typed. */
  leave(): void {
    this.#active = false;
    this.provider.destroy();
    this.provider.doc.destroy();
  }

  #acknowledge(upTo: number): void {
    const count = upTo - this.#acknowledged;
    if (count <= 0) return;
    for (const keystroke of this.#keystrokes.slice(this.#acknowledged, upTo)) this.#ledger.acknowledge(keystroke);
    this.#acknowledged = upTo;
    this.#onAcknowledged(count);
    this.#typeSoon();
  }

  #typeSoon(): void {
    setImmediate(() => {
      if (!this.#active) return;
      const count = 1 + Math.floor(this.#random() * (this.#ahead - this.provider.unsavedChanges));
      for (let i = 0; i < count; i++) this.#type();
    });
  }

  #type(): void {
    const text = this.provider.doc.getText();
    const at = Math.floor(this.#random() * text.length);
    if (text.length > 0 && this.#random() < DELETION_RATE) {
      const character = text.toString().charAt(at);
      this.#keystrokes.push(this.#ledger.delete(character));
      text.delete(at, 1);
    } else {
      const keystroke = this.#ledger.insert();
      this.#keystrokes.push(keystroke);
      text.insert(at, keystroke.character);
    }
  }
}

/** The text that somebody reads who comes new. */
export async function readText(syncUrl: string, document: string): Promise<string> {
  const reader = new ScriptoriumProvider(syncUrl, document, new Y.Doc());
  try {
    await reader.whenSynced();
    return reader.doc.getText().toString();
  } finally {
    reader.destroy();
  }
}
