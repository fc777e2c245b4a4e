import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Access } from '../protocol/index.ts';

/**
 * Names a change, or a row, by who made it: when (milliseconds since 1970), in which tab, its number there. In this
 * order a change comes after those that it builds upon.
 */
export type ChangeId = readonly [at: number, tab: string, number: number];

/** A local change that the server has not acknowledged. `update` is a Yjs V1 update. */
export interface KeptChange {
  readonly id: ChangeId;
  readonly update: Uint8Array;
}

/** What is known of a document of which this device has a copy. */
export interface LocalRecord {
  /** The log that the copy is of. */
  readonly epoch: string;
  /** All of that log up to here is in the copy; undefined when the server has not told a position yet. */
  readonly seq: number | undefined;
  /** Whether the server has stored anything of that log. */
  readonly stored: boolean;
  /** What the server said last that one may do with the document. */
  readonly access: Access | undefined;
  /** When it was in use last, milliseconds since 1970. */
  readonly usedAt: number;
}

/**
 * One database for all documents. Documents are named by their address, see `documentAddress`:
 *
 *     documents   address                      what is known of it
 *     updates     [address, at, tab, number]   what is on the server, in pieces
 *     unsaved     [address, at, tab, number]   what is not, a change each
 */
export interface LocalSchema extends DBSchema {
  documents: { key: string; value: LocalRecord };
  updates: { key: [address: string, ...id: ChangeId]; value: Uint8Array };
  unsaved: { key: [address: string, ...id: ChangeId]; value: Uint8Array };
}

export type LocalDatabase = IDBPDatabase<LocalSchema>;

const NAME = 'scriptorium';
const VERSION = 1;
/** Some browsers do not answer at all where storage is forbidden. */
const OPEN_TIMEOUT_MS = 5_000;

let opened: Promise<LocalDatabase> | undefined;

/** The database of this page's origin, opened once. Rejects where storage is missing, forbidden or does not answer. */
export function openLocalDatabase(): Promise<LocalDatabase> {
  opened ??= open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function open(): Promise<LocalDatabase> {
  const forget = (): void => {
    opened = undefined;
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The storage of this device does not answer.')), OPEN_TIMEOUT_MS);
  });
  try {
    const opening = openDB<LocalSchema>(NAME, VERSION, {
      upgrade(database) {
        database.createObjectStore('documents');
        database.createObjectStore('updates');
        database.createObjectStore('unsaved');
      },
      // A page with a newer layout waits for this one to let go.
      blocking: (_current, _blocked, event) => {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated: forget,
    });
    return await Promise.race([opening, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** A name that no other tab has. (`crypto.randomUUID` is missing where a page is served over plain HTTP.) */
export function newTabName(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** All rows of a document, in `updates` as in `unsaved`. */
export function rowsOf(address: string): IDBKeyRange {
  // An array comes after every number and string.
  return IDBKeyRange.bound([address], [address, []]);
}

/** The addresses of documents with changes that the server has not acknowledged. Rejects like {@link openLocalDatabase}. */
export async function unsavedAddresses(): Promise<string[]> {
  const database = await openLocalDatabase();
  const addresses: string[] = [];
  let cursor = await database.transaction('unsaved').store.openKeyCursor();
  while (cursor) {
    const [address] = cursor.key;
    addresses.push(address);
    cursor = await cursor.continue([address, []] as never);
  }
  return addresses;
}

/** Whether this device has a copy of a document. False where storage is missing or forbidden. */
export async function hasLocalCopy(address: string): Promise<boolean> {
  try {
    const database = await openLocalDatabase();
    return (await database.getKey('documents', address)) !== undefined;
  } catch {
    return false;
  }
}

/** Deletes the copy of a document, also changes that were not sent. Rejects like {@link openLocalDatabase}. */
export async function deleteLocalCopy(address: string): Promise<void> {
  const database = await openLocalDatabase();
  const transaction = database.transaction(['documents', 'updates', 'unsaved'], 'readwrite');
  await Promise.all([
    transaction.objectStore('documents').delete(address),
    transaction.objectStore('updates').delete(rowsOf(address)),
    transaction.objectStore('unsaved').delete(rowsOf(address)),
    transaction.done,
  ]);
}

/**
 * Makes room: deletes the copies of half the documents with nothing unsaved, those not used for longest first.
 * @returns whether there was anything to delete
 */
export async function evictLocalCopies(except: string): Promise<boolean> {
  const database = await openLocalDatabase();
  const unsaved = new Set(await unsavedAddresses());
  const [addresses, records] = await Promise.all([database.getAllKeys('documents'), database.getAll('documents')]);
  const evictable = addresses
    .map((address, i) => ({ address, usedAt: records[i]?.usedAt ?? 0 }))
    .filter(({ address }) => address !== except && !unsaved.has(address))
    .toSorted((a, b) => a.usedAt - b.usedAt);
  for (const { address } of evictable.slice(0, Math.ceil(evictable.length / 2))) await deleteLocalCopy(address);
  return evictable.length > 0;
}
