import { hocuspocusSqlite } from './hocuspocus-sqlite.ts';
import { updateFiles } from './update-files.ts';
import { yLeveldb } from './y-leveldb.ts';

/** A document as another system has stored it. */
export interface ForeignDocument {
  readonly document: string;
  /** Yjs V1 updates that together are the document, in their order. Each in a buffer of its own. */
  readonly updates: readonly Uint8Array[];
}

/** The stores of others that can be read, each with what its path is. */
export const FOREIGN_STORES = {
  'y-leveldb': { path: 'folder', read: yLeveldb },
  'hocuspocus-sqlite': { path: 'file', read: hocuspocusSqlite },
  updates: { path: 'folder', read: updateFiles },
} as const satisfies Record<string, { path: 'folder' | 'file'; read: ReadForeign }>;

export type ForeignStore = keyof typeof FOREIGN_STORES;

/**
 * Reads all documents, one after the other; none of them is changed.
 * @throws ScriptoriumError STORE_UNAVAILABLE when there is no such store at the path, STORE_LOCKED when it is in use
 */
export type ReadForeign = (path: string) => AsyncIterable<ForeignDocument>;
