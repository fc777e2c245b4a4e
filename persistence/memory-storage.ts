import type { BackupItem } from './backup-item.ts';
import { type Change, LogStorage } from './log-storage.ts';
import { DEFAULT_LIST_LIMIT, type DocumentInfo, type Entry, type ListOptions, type Snapshot } from './storage.ts';
import { entriesOf, type Head } from './write.ts';

interface StoredDocument {
  head: Head;
  entries: Entry[];
  snapshot: Snapshot | undefined;
}

/**
 * Documents in memory, for tests and trials: "durable" here lasts as long as this object, also across close and open.
 */
export class MemoryStorage extends LogStorage {
  readonly #documents = new Map<string, StoredDocument>();

  override async open(): Promise<void> {}

  override async close(): Promise<void> {
    await this.idle();
  }

  override async read(document: string, epoch: string, afterSeq: number): Promise<Entry[]> {
    const entries = this.#at(document, epoch)?.entries ?? [];
    return entries
      .filter(({ seq }) => seq > afterSeq)
      .map((entry) => ({ ...entry, update: new Uint8Array(entry.update) }));
  }

  override async snapshot(document: string, epoch: string): Promise<Snapshot | undefined> {
    const snapshot = this.#at(document, epoch)?.snapshot;
    return snapshot && copyOf(snapshot);
  }

  override async list({ limit = DEFAULT_LIST_LIMIT, after }: ListOptions = {}): Promise<DocumentInfo[]> {
    const names = [...this.#documents.keys()]
      .sort(compareUtf8)
      .filter((document) => after === undefined || compareUtf8(document, after) > 0)
      .slice(0, limit);
    const infos = await Promise.all(names.map((document) => this.info(document)));
    return infos.filter((info) => info !== undefined);
  }

  override async *backup(): AsyncIterable<BackupItem> {
    // Entries are never changed once they are stored, so this holds the moment.
    const stored = [...this.#documents].map(([document, kept]) => ({ document, ...kept, entries: [...kept.entries] }));
    for (const { document, head, snapshot, entries } of stored) {
      const { title, createdAt, updatedAt, schema } = head;
      yield { type: 'document', document, title, createdAt, updatedAt, schema };
      if (snapshot) yield { type: 'snapshot', ...copyOf(snapshot) };
      for (const entry of entries) yield { type: 'entry', ...entry, update: new Uint8Array(entry.update) };
    }
  }

  protected override head(document: string): Head | undefined {
    return this.#documents.get(document)?.head;
  }

  protected override async commit(changes: readonly Change[]): Promise<void> {
    for (const { write, before, after } of changes) {
      if (after === undefined) {
        this.#documents.delete(write.document);
        continue;
      }
      const stored = this.#documents.get(write.document) ?? { head: after, entries: [], snapshot: undefined };
      this.#documents.set(write.document, stored);
      stored.head = after;
      const first = (before?.seq ?? 0) + 1;
      stored.entries.push(
        ...entriesOf(write).map(({ schema: _, ...entry }, i) => ({
          ...entry,
          seq: first + i,
          update: new Uint8Array(entry.update),
        })),
      );
      if (write.type === 'snapshot') {
        stored.snapshot = copyOf(write.snapshot);
        stored.entries = stored.entries.filter(({ seq }) => seq > write.snapshot.seq);
      }
    }
  }

  #at(document: string, epoch: string): StoredDocument | undefined {
    const stored = this.#documents.get(document);
    return stored?.head.epoch === epoch ? stored : undefined;
  }
}

function copyOf({ seq, stateVector, update }: Snapshot): Snapshot {
  return { seq, stateVector: new Uint8Array(stateVector), update: new Uint8Array(update) };
}

function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
