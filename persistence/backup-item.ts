import type { DocumentFile } from './file-folder.ts';
import type { Entry, Snapshot } from './storage.ts';

/** What a backup is made of, in the order of the documents' names. */
export type BackupItem =
  /** A document; its snapshot, if it has one, and its entries follow. Its epoch is not kept: a restore makes a new one. */
  | {
      readonly type: 'document';
      readonly document: string;
      readonly title: string;
      readonly createdAt: number;
      readonly updatedAt: number;
      readonly schema: number;
    }
  | ({ readonly type: 'snapshot' } & Snapshot)
  | ({ readonly type: 'entry' } & Entry)
  /** A document that can't be read: why, and all that is stored of it, as it is. Without a name: one nobody can find. */
  | {
      readonly type: 'unreadable';
      readonly document: string;
      readonly problems: readonly string[];
      readonly pairs: readonly (readonly [key: string, value: Uint8Array])[];
    }
  /** A file of the document before it, also of one that can't be read. */
  | ({ readonly type: 'file' } & DocumentFile);
