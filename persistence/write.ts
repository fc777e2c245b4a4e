import { ScriptoriumError } from '../protocol/errors.ts';
import type { NewDocument, NewEntry, Snapshot } from './storage.ts';

/** One write, as it waits for its group. */
export type Write = { readonly document: string } & (
  | { readonly type: 'create'; readonly made: NewDocument }
  | { readonly type: 'title'; readonly epoch: string; readonly title: string; readonly at: number }
  | { readonly type: 'append'; readonly epoch: string; readonly entries: readonly NewEntry[] }
  | {
      readonly type: 'snapshot';
      readonly epoch: string;
      readonly expectedSeq: number;
      readonly snapshot: Snapshot;
      readonly updatedBy?: string;
    }
  | { readonly type: 'delete' }
  /** Deletes a document that can't be read, whatever these epochs hold of it. */
  | { readonly type: 'discard'; readonly epochs: readonly string[] }
);

/** What a document's next write builds upon. */
export interface Head {
  readonly epoch: string;
  readonly seq: number;
  readonly snapshotSeq: number;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly schema: number;
  readonly writer?: Writer;
}

/** Who wrote the entry of a seq. */
export interface Writer {
  readonly name: string;
  readonly seq: number;
}

/** The head after a write, and whether the write changed anything. */
export interface Applied {
  readonly head: Head | undefined;
  readonly changed: boolean;
}

/**
 * The rules of the log, without IO: what a write makes of a document's head (undefined: there is no such document).
 * @throws ScriptoriumError DOCUMENT_DELETED when the write names another epoch
 */
export function applyWrite(head: Head | undefined, write: Write): Applied {
  if (write.type === 'create') {
    if (head !== undefined) return { head, changed: false };
    const { epoch, title = '', at, entries = [] } = write.made;
    const made = { epoch, seq: 0, snapshotSeq: 0, title, createdAt: at, updatedAt: at, schema: 0 };
    return { head: withEntries(made, entries), changed: true };
  }
  if (write.type === 'delete') return { head: undefined, changed: head !== undefined };
  if (write.type === 'discard') return { head: undefined, changed: true };
  if (head === undefined || head.epoch !== write.epoch) {
    throw new ScriptoriumError('DOCUMENT_DELETED', `The document ${JSON.stringify(write.document)} was deleted.`);
  }
  switch (write.type) {
    case 'title': {
      // Who gave the title is not known.
      const { writer: _, ...known } = head;
      return { head: { ...known, title: write.title, updatedAt: write.at }, changed: true };
    }
    case 'append':
      return { head: withEntries(head, write.entries), changed: write.entries.length > 0 };
    case 'snapshot': {
      const { seq } = write.snapshot;
      const current = write.expectedSeq === head.snapshotSeq && seq > head.snapshotSeq && seq <= head.seq;
      if (!current) return { head, changed: false };
      const writer = write.updatedBy === undefined ? {} : { writer: { name: write.updatedBy, seq } };
      return { head: { ...head, snapshotSeq: seq, ...writer }, changed: true };
    }
  }
}

function withEntries(head: Head, entries: readonly NewEntry[]): Head {
  const last = entries.at(-1);
  if (last === undefined) return head;
  const schema = Math.max(head.schema, ...entries.map((entry) => entry.schema ?? 0));
  return { ...head, seq: head.seq + entries.length, updatedAt: last.at, schema };
}

/** The entries that a write puts at the end of the log. */
export function entriesOf(write: Write): readonly NewEntry[] {
  if (write.type === 'create') return write.made.entries ?? [];
  return write.type === 'append' ? write.entries : [];
}

/** Roughly what a write takes in memory and on disk. */
export function bytesOf(write: Write): number {
  if (write.type === 'snapshot') return write.snapshot.update.length;
  return entriesOf(write).reduce((sum, { update }) => sum + update.length, 0);
}
