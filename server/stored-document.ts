import type { Entry, Snapshot, Storage } from '../persistence/index.ts';
import { ScriptoriumError } from '../protocol/index.ts';

/** What is stored of a document. */
export interface StoredDocument {
  readonly epoch: string;
  /** The highest version of a schema that wrote in it. */
  readonly schema: number;
  readonly snapshot: Snapshot | undefined;
  /** All entries after the snapshot. */
  readonly entries: Entry[];
}

/**
 * Reads all that is stored of a document; undefined when there is none.
 * @throws ScriptoriumError DOCUMENT_UNREADABLE when an entry is missing or damaged, STORE_UNAVAILABLE
 */
export async function readStoredDocument(document: string, storage: Storage): Promise<StoredDocument | undefined> {
  const info = await storage.info(document);
  if (info === undefined) return undefined;
  const { epoch, schema } = info;
  const snapshot = await storage.snapshot(document, epoch);
  const start = snapshot?.seq ?? 0;
  const entries = await storage.read(document, epoch, start);
  checkContiguous(entries, start);
  if (start + entries.length !== info.seq) throw missing(start + entries.length + 1);
  return { epoch, schema, snapshot, entries };
}

/** @throws ScriptoriumError DOCUMENT_UNREADABLE when an entry after `seq` is missing */
export function checkContiguous(entries: readonly Entry[], seq: number): void {
  const gap = entries.findIndex((entry, i) => entry.seq !== seq + 1 + i);
  if (gap !== -1) throw missing(seq + 1 + gap);
}

function missing(seq: number): ScriptoriumError {
  return new ScriptoriumError('DOCUMENT_UNREADABLE', `Entry ${seq} of the document is missing.`);
}
