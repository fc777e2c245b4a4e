import * as Y from 'yjs';
import { readTrace, seenBefore, type Trace } from '../test/traces/trace.ts';

export const TRACES = ['friendsforever', 'sveltecomponent'] as const;

/** A recorded editing session as the updates that its authors' clients send. */
export interface Keystrokes {
  readonly name: string;
  /** Yjs V1 updates, one for each thing that somebody did at once. */
  readonly updates: readonly Uint8Array[];
}

/** Types a recording again, each author in a `Y.Doc` that has seen what the author had seen. */
export const keystrokesOf = (name: string): Keystrokes => ({ name, updates: typeAgain(readTrace(name)) });

/** The updates of a recording, one for each of its transactions. Its authors are the clients 1, 2, ... */
export function typeAgain(trace: Trace): Uint8Array[] {
  const seen = seenBefore(trace);
  const authors = Array.from({ length: trace.agents }, (_, i) => {
    const doc = new Y.Doc();
    doc.clientID = i + 1;
    return { doc, written: [] as Uint8Array[], read: Array.from({ length: trace.agents }, () => 0) };
  });
  const updates: Uint8Array[] = [];
  for (const author of authors) {
    author.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'read') return;
      author.written.push(update);
      updates.push(update);
    });
  }
  for (const [i, { agent, patches }] of trace.transactions.entries()) {
    const author = authors[agent];
    if (author === undefined) throw new RangeError(`a recording has no author ${agent}`);
    for (const [other, { written }] of authors.entries()) {
      if (other === agent) continue;
      const from = author.read[other] ?? 0;
      const upTo = Math.max(from, seen[i]?.[other] ?? 0);
      for (const update of written.slice(from, upTo)) Y.applyUpdate(author.doc, update, 'read');
      author.read[other] = upTo;
    }
    const text = author.doc.getText();
    author.doc.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(position, deleted);
        if (inserted !== '') text.insert(position, inserted);
      }
    });
  }
  if (updates.length !== trace.transactions.length) throw new Error('a transaction of a recording changes nothing');
  return updates;
}

/** The size of what these updates come to, as one V2 update. */
export function snapshotBytes(updates: readonly Uint8Array[]): number {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return Y.encodeStateAsUpdateV2(doc).length;
}
