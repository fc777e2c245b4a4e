import { onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';

/** How long edits took from one peer to all others, in milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

const PEERS = 5;
const TYPING_MS = 40;

/** People who write in one document, and how soon they see what the others wrote. */
export class HealthyRoom {
  readonly peers: readonly ScriptoriumProvider[];
  readonly #sentAt = new Map<string, number>();
  #latencies: number[] = [];
  #written = 0;

  constructor(syncUrl: string, document = 'healthy') {
    this.peers = Array.from({ length: PEERS }, () => {
      const peer = new ScriptoriumProvider(syncUrl, document, new Y.Doc(), { maxBackoffMs: 500 });
      peer.doc.getArray<string>('log').observe(({ changes, transaction }) => {
        if (transaction.local) return;
        for (const { insert } of changes.delta)
          for (const word of (insert as string[] | undefined) ?? []) this.#arrived(word);
      });
      return peer;
    });
    onTestFinished(() => {
      for (const { doc } of this.peers) doc.destroy();
    });
  }

  /** How many words were written so far. */
  get written(): number {
    return this.#written;
  }

  async open(): Promise<void> {
    await Promise.all(this.peers.map((peer) => peer.whenSynced()));
  }

  /** They write until the work is done, or as long as it says. */
  async writeDuring(work: Promise<unknown> | number): Promise<Latencies> {
    this.#latencies = [];
    const timer = setInterval(() => this.#write(), TYPING_MS);
    await (typeof work === 'number' ? new Promise((resolve) => setTimeout(resolve, work)) : work).finally(() =>
      clearInterval(timer),
    );
    const sorted = this.#latencies.sort((a, b) => a - b);
    const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
    return { count: sorted.length, p50: at(0.5), p99: at(0.99) };
  }

  /** Resolves when all is saved; answers what each of them has. */
  async settle(): Promise<string[][]> {
    await Promise.all(this.peers.map((peer) => peer.whenSaved()));
    const lacks = () => this.peers.some(({ doc }) => doc.getArray('log').length < this.#written);
    for (let i = 0; i < 500 && lacks(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
    return this.peers.map(({ doc }) => doc.getArray<string>('log').toArray());
  }

  #write(): void {
    const word = `word ${this.#written}`;
    const peer = this.peers[this.#written % this.peers.length];
    this.#written++;
    this.#sentAt.set(word, performance.now());
    peer?.doc.getArray<string>('log').push([word]);
  }

  #arrived(word: string): void {
    const sentAt = this.#sentAt.get(word);
    if (sentAt !== undefined) this.#latencies.push(performance.now() - sentAt);
  }
}
