import * as Y from 'yjs';

/**
 * Whether two sets of Yjs V1 updates are one document: the same state vector, the same deletions, and the same content,
 * also what waits for something missing.
 */
export function isSameState(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  const [a, b] = [docOf(one), docOf(other)];
  return Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b)) && Buffer.compare(contentOf(a), contentOf(b)) === 0;
}

function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return doc;
}

/** In one form, whatever pieces it came in: what is read in one go is written in as few pieces as there can be. */
function contentOf(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(docOf([Y.encodeStateAsUpdate(doc)]));
}
