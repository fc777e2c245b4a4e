import * as Y from 'yjs';

/** What stands for a document, in the order in which it came. */
export interface CompactionInput {
  /** A Yjs V2 update. */
  readonly snapshot: Uint8Array | undefined;
  /** Yjs V1 updates. */
  readonly updates: readonly Uint8Array[];
}

export interface CompactionOutput {
  /** A Yjs V2 update that stands for all of the input. */
  readonly update: Uint8Array;
  readonly stateVector: Uint8Array;
}

/**
 * Many updates into one, through a `Y.Doc`: `Y.mergeUpdates` is quadratic in their number and collects no garbage.
 * What was written is read again and compared, so that a fault in between is an error here and never a lost document.
 */
export function compact({ snapshot, updates }: CompactionInput): CompactionOutput {
  const doc = new Y.Doc();
  doc.transact(() => {
    if (snapshot) Y.applyUpdateV2(doc, snapshot);
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  const update = Y.encodeStateAsUpdateV2(doc);
  const stateVector = Y.encodeStateVector(doc);

  const reread = new Y.Doc();
  Y.applyUpdateV2(reread, update);
  if (!Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(reread)) || !samePending(doc, reread)) {
    throw new Error('the compacted document differs from the one that was read');
  }
  return { update, stateVector };
}

/** Whether both hold back the same operations, for want of ones that have not come yet. */
function samePending(a: Y.Doc, b: Y.Doc): boolean {
  const missing = ({ store }: Y.Doc) => JSON.stringify([...(store.pendingStructs?.missing ?? [])].sort());
  return missing(a) === missing(b) && (a.store.pendingDs === null) === (b.store.pendingDs === null);
}
