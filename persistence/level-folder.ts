import { resolve } from 'node:path';
import { ScriptoriumError } from '../protocol/errors.ts';
import { type Database, databaseIn, isCorruption, type Operation, openError } from './level-database.ts';
import * as format from './level-format.ts';
import { bringUpToDate } from './level-migration.ts';
import { Witness } from './witness.ts';

/** How a folder is opened. */
export interface FolderOptions {
  /** Go on with a store that has lost the end of what it had acknowledged. */
  readonly acceptLoss?: boolean;
}

/**
 * A LevelDB folder that this process has to itself. It knows its format, numbers its commits, and notes beside LevelDB
 * how many were acknowledged, so that it never serves less without saying so. After a failed write, LevelDB's log may
 * end in the middle of a record, and nothing that is written behind that would be found again: so the folder is opened
 * anew before the next write.
 */
export class LevelFolder {
  /** The folder, as an absolute path. */
  readonly path: string;
  readonly #acceptLoss: boolean;
  readonly #db: Database;
  #witness: Witness | undefined;
  #commits = 0;
  #failed = false;
  #reopening: Promise<void> | undefined;

  constructor(path: string, { acceptLoss = false }: FolderOptions = {}) {
    this.path = resolve(path);
    this.#acceptLoss = acceptLoss;
    this.#db = databaseIn(this.path);
  }

  /** @throws ScriptoriumError STORE_LOCKED, STORE_UNAVAILABLE */
  async open(): Promise<void> {
    try {
      await this.#db.open();
    } catch (error) {
      throw openError(this.path, error);
    }
    try {
      await this.#checkFormat();
      await this.#checkCommits();
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#failed = false;
  }

  async close(): Promise<void> {
    this.#witness?.close();
    this.#witness = undefined;
    await this.#db.close();
  }

  /** Makes the folder fit for writing. True when it had to be opened anew: nothing read before need hold any more. */
  async prepare(): Promise<boolean> {
    if (!this.#failed) return false;
    this.#reopening ??= this.close()
      .then(() => this.open())
      .finally(() => {
        this.#reopening = undefined;
      });
    await this.#reopening;
    return true;
  }

  /**
   * Makes the operations durable, all or none.
   * @throws ScriptoriumError STORE_UNAVAILABLE; then they may have been stored or not
   */
  async commit(operations: readonly Operation[]): Promise<void> {
    const number = this.#commits + 1;
    try {
      // A chained batch takes a fifth of the time that an array takes to be handed over.
      const batch = this.#db.batch();
      for (const operation of operations) {
        if (operation.type === 'put') batch.put(operation.key, operation.value);
        else batch.del(operation.key);
      }
      await batch.put(format.COMMITS_KEY, textBytes(number)).write({ sync: true });
      // Behind a torn record nothing counts, also when what tore it was tidying that failed a moment ago.
      if (this.#failed) throw new Error('a write before this one failed');
    } catch (error) {
      this.#failed = true;
      throw this.#unavailable(error);
    }
    this.#commits = number;
    this.#witness?.write(number);
  }

  /** Writes what need not be durable at once and is done again by the next open when it was lost. */
  async tidy(write: (db: Database) => Promise<void>): Promise<void> {
    try {
      await write(this.#db);
    } catch {
      // What is left does no harm, but the write may have torn LevelDB's log.
      this.#failed = true;
    }
  }

  /**
   * Reads. `document` is whose bytes are to blame when LevelDB finds them damaged.
   * @throws ScriptoriumError DOCUMENT_UNREADABLE, STORE_UNAVAILABLE
   */
  async read<T>(document: string, read: (db: Database) => Promise<T>): Promise<T> {
    await this.#reopening?.catch(() => {}); // its failure shows in what follows
    return this.#readNow(document, read);
  }

  async #readNow<T>(document: string, read: (db: Database) => Promise<T>): Promise<T> {
    try {
      return await read(this.#db);
    } catch (error) {
      if (isCorruption(error)) {
        throw format.unreadable(format.documentKey(document), 'LevelDB finds its bytes damaged', error);
      }
      throw this.#unavailable(error);
    }
  }

  async #checkFormat(): Promise<void> {
    try {
      await bringUpToDate(this.#db, this.path);
    } catch (error) {
      throw error instanceof ScriptoriumError ? error : this.#unavailable(error);
    }
  }

  async #checkCommits(): Promise<void> {
    const stored = await this.#readNow('*', (db) => db.get(format.COMMITS_KEY));
    this.#commits = stored === undefined ? 0 : Number(textOf(stored));
    const acknowledged = this.#openWitness();
    if (acknowledged > this.#commits && !this.#acceptLoss) {
      throw new ScriptoriumError(
        'STORE_UNAVAILABLE',
        `The store in ${this.path} has lost writes that it had acknowledged: it ends at commit ${this.#commits}, ` +
          `${acknowledged} were acknowledged. Restore a backup, or see what is there with ` +
          '`scriptorium check` and go on with it with `scriptorium repair --accept-loss`.',
      );
    }
    this.#witness?.write(this.#commits);
  }

  #openWitness(): number {
    try {
      this.#witness = new Witness(this.path);
      return this.#witness.read();
    } catch (error) {
      throw openError(this.path, error);
    }
  }

  #unavailable(cause: unknown): ScriptoriumError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new ScriptoriumError('STORE_UNAVAILABLE', `The store in ${this.path} does not answer: ${why}`, { cause });
  }
}

function textBytes(value: number): Uint8Array {
  return Buffer.from(String(value));
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
