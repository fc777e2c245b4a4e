import type { BackupItem } from './backup-item.ts';
import { GroupCommit, type Outcome } from './group-commit.ts';
import type { DocumentInfo, Entry, ListOptions, NewDocument, NewEntry, Snapshot, Storage } from './storage.ts';
import { type Applied, applyWrite, bytesOf, type Head, type Write } from './write.ts';

/** So much goes into one commit before the next one is begun, in bytes. */
const MAX_COMMIT_BYTES = 4 * 1024 * 1024;

/** A write that changes something, and the heads before and after it. */
export interface Change {
  readonly write: Write;
  readonly before: Head | undefined;
  readonly after: Head | undefined;
}

/**
 * What all storages share: writes wait for each other, are checked against the heads as they are stored, and are
 * committed in groups. A backend says how to look up a head and how to make a group of changes durable, all or none.
 */
export abstract class LogStorage implements Storage {
  readonly #commits = new GroupCommit<Write, Applied>((writes) => this.#commit(writes), MAX_COMMIT_BYTES);

  abstract open(): Promise<void>;
  abstract close(): Promise<void>;
  abstract read(document: string, epoch: string, afterSeq: number): Promise<Entry[]>;
  abstract snapshot(document: string, epoch: string): Promise<Snapshot | undefined>;
  abstract list(options?: ListOptions): Promise<DocumentInfo[]>;
  abstract backup(): AsyncIterable<BackupItem>;

  /** The stored head; undefined when there is no such document. A promise only where it has to be read. */
  protected abstract head(document: string): Head | undefined | Promise<Head | undefined>;

  /** Gets ready for a commit, before any head is looked up for it. */
  protected async prepare(): Promise<void> {}

  /** Makes the changes durable, in this order, all or none. */
  protected abstract commit(changes: readonly Change[]): Promise<void>;

  /** Resolves when no write is under way. */
  protected idle(): Promise<void> {
    return this.#commits.idle();
  }

  async create(document: string, made: NewDocument): Promise<DocumentInfo> {
    return infoOf(document, headOf(await this.submit({ type: 'create', document, made })));
  }

  async info(document: string): Promise<DocumentInfo | undefined> {
    const head = await this.head(document);
    return head && infoOf(document, head);
  }

  async setTitle(document: string, epoch: string, title: string, at: number): Promise<DocumentInfo> {
    return infoOf(document, headOf(await this.submit({ type: 'title', document, epoch, title, at })));
  }

  async append(document: string, epoch: string, entries: readonly NewEntry[]): Promise<number> {
    return headOf(await this.submit({ type: 'append', document, epoch, entries })).seq;
  }

  async replaceSnapshot(
    document: string,
    epoch: string,
    expectedSeq: number,
    snapshot: Snapshot,
    updatedBy?: string,
  ): Promise<boolean> {
    const by = updatedBy === undefined ? {} : { updatedBy };
    return (await this.submit({ type: 'snapshot', document, epoch, expectedSeq, snapshot, ...by })).changed;
  }

  async delete(document: string): Promise<boolean> {
    return (await this.submit({ type: 'delete', document })).changed;
  }

  /** Deletes; a backend that can find a document unreadable says then what is to go. */
  async discard(document: string): Promise<boolean> {
    return this.delete(document);
  }

  protected submit(write: Write): Promise<Applied> {
    return this.#commits.submit(write, bytesOf(write));
  }

  async #commit(writes: readonly Write[]): Promise<Outcome<Applied>[]> {
    await this.prepare();
    const stored = await this.#headsOf(writes);
    // Seqs are given here, upon heads that are stored: a commit that fails leaves no gap for the next one.
    const heads = new Map<string, Head | undefined>();
    const changes: Change[] = [];
    const outcomes = writes.map((write): Outcome<Applied> => {
      const { document } = write;
      const found = stored.get(document);
      if (found === undefined) return { error: new TypeError('no head was looked up') };
      const unreadable = 'error' in found && !heads.has(document);
      if (unreadable && write.type !== 'discard') return found;
      const before = heads.has(document) || 'error' in found ? heads.get(document) : found.result;
      try {
        const result = applyWrite(before, write);
        if (result.changed) {
          changes.push({ write, before, after: result.head });
          heads.set(document, result.head);
        }
        return { result };
      } catch (error) {
        return { error };
      }
    });
    if (changes.length > 0) await this.commit(changes);
    return outcomes;
  }

  async #headsOf(writes: readonly Write[]): Promise<Map<string, Outcome<Head | undefined>>> {
    const heads = new Map<string, Outcome<Head | undefined>>();
    for (const { document } of writes) {
      if (heads.has(document)) continue;
      try {
        const head = this.head(document);
        heads.set(document, { result: head instanceof Promise ? await head : head });
      } catch (error) {
        heads.set(document, { error });
      }
    }
    return heads;
  }
}

function headOf({ head }: Applied): Head {
  if (head === undefined) throw new TypeError('a write that is not a deletion leaves a head');
  return head;
}

function infoOf(document: string, head: Head): DocumentInfo {
  const { epoch, seq, title, createdAt, updatedAt, schema, writer } = head;
  const known = { document, epoch, seq, title, createdAt, updatedAt, schema };
  return writer?.seq === seq ? { ...known, updatedBy: writer.name } : known;
}
