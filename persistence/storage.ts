import type { ScriptoriumError } from '../protocol/errors.ts';
import type { BackupItem } from './backup-item.ts';

/** What is known of a document without reading its content. Times are milliseconds since 1970. */
export interface DocumentInfo {
  readonly document: string;
  /** Random, made with the document: one that was deleted and made again has another. */
  readonly epoch: string;
  /** The seq of the newest entry; 0 when there is none yet. */
  readonly seq: number;
  readonly title: string;
  readonly createdAt: number;
  /** When the newest entry was written, or the title was last changed. */
  readonly updatedAt: number;
  /** The name of who wrote in it last, where the newest entry is in the snapshot and that is known. */
  readonly updatedBy?: string;
  /** The highest version of a schema that wrote in it; 0 while nothing that has one did. */
  readonly schema: number;
}

/** What makes a document. */
export interface NewDocument {
  readonly epoch: string;
  readonly title?: string;
  readonly at: number;
  /** What it begins with: stored in one commit with the document, or not at all. */
  readonly entries?: readonly NewEntry[];
}

/** An edit on its way into the log. */
export interface NewEntry {
  /** When the server received it, milliseconds since 1970. */
  readonly at: number;
  /** The id of who wrote it, where that is known. */
  readonly user?: string;
  /** The version of the schema that it was written with, where it was. The document keeps the highest, not the entry. */
  readonly schema?: number;
  /** A Yjs V1 update. */
  readonly update: Uint8Array;
}

/** An edit in the log. The seqs of a document's entries are contiguous and start at 1. */
export interface Entry extends Omit<NewEntry, 'schema'> {
  readonly seq: number;
}

/** The state of a document that stands for all its entries up to `seq`. */
export interface Snapshot {
  readonly seq: number;
  /** Encoded as in Yjs' sync step 1. */
  readonly stateVector: Uint8Array;
  /** A Yjs V2 update. */
  readonly update: Uint8Array;
}

export interface ListOptions {
  /** At most so many documents; default 1,000. */
  readonly limit?: number;
  /** Only documents whose name sorts after this one (by its UTF-8 bytes). */
  readonly after?: string;
  /** Told of each document that is left out because it can't be read. */
  readonly onUnreadable?: (document: string, error: ScriptoriumError) => void;
}

/**
 * A sequenced log for each document: entries are appended, and a snapshot takes the place of the oldest ones.
 *
 * Every method that writes resolves once what it wrote is durable: it survives the death of the process and of the
 * machine. When it rejects, the write may or may not have happened; to repeat it is safe, because updates are
 * idempotent. Document names have been checked by the caller (`checkDocumentName`). Bytes that are passed in may be
 * changed once the write has resolved, and bytes that come out belong to the caller.
 *
 * All methods reject with a `ScriptoriumError`: `STORE_UNAVAILABLE` when the store can't be read or written now,
 * `DOCUMENT_UNREADABLE` when what it holds of a document makes no sense, `DOCUMENT_DELETED` when the epoch that a
 * write names is not, or no longer, the document's.
 */
export interface Storage {
  /** Opens the store. Rejects with `STORE_LOCKED` when another process has it. */
  open(): Promise<void>;

  /** Waits for the writes that are under way, then closes the store. Safe to call twice. */
  close(): Promise<void>;

  /** Makes the document, or returns the one that is there already as it is; that may have another epoch. */
  create(document: string, made: NewDocument): Promise<DocumentInfo>;

  info(document: string): Promise<DocumentInfo | undefined>;

  setTitle(document: string, epoch: string, title: string, at: number): Promise<DocumentInfo>;

  /** Appends the entries in their order and resolves with the seq of the last one. */
  append(document: string, epoch: string, entries: readonly NewEntry[]): Promise<number>;

  /** The entries after `afterSeq` that the snapshot has not replaced, in order. Empty for an unknown document. */
  read(document: string, epoch: string, afterSeq: number): Promise<Entry[]>;

  snapshot(document: string, epoch: string): Promise<Snapshot | undefined>;

  /**
   * Puts the snapshot in the place of the one with `expectedSeq` (0: there is none) and drops the entries that it
   * covers. Resolves with false, and changes nothing, when the stored snapshot is another. `updatedBy` is the name of who
   * wrote the last of them: it is kept here, and not with each entry.
   */
  replaceSnapshot(
    document: string,
    epoch: string,
    expectedSeq: number,
    snapshot: Snapshot,
    updatedBy?: string,
  ): Promise<boolean>;

  /** The documents in the order of their names. One that can't be read is left out. */
  list(options?: ListOptions): Promise<DocumentInfo[]>;

  /** Deletes the document and all of its content. Resolves with false when there is none. */
  delete(document: string): Promise<boolean>;

  /** The same, also for a document that can't be read: what is stored of it is lost then. */
  discard(document: string): Promise<boolean>;

  /**
   * Everything, as it is when the first item is asked for: what is being written then is wholly in it or not at all. Of
   * what can't be read there are the stored bytes. Each document's snapshot and entries follow on it.
   */
  backup(): AsyncIterable<BackupItem>;
}

/** The default of {@link ListOptions.limit}. */
export const DEFAULT_LIST_LIMIT = 1000;
