import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BatchOperation, Level } from 'level';
import { ScriptoriumError } from '../protocol/errors.ts';
import type { KeyRange } from './level-format.ts';

/** A LevelDB folder as this house reads and writes it: see level-format.ts for what is in it. */
export type Database = Level<string, Uint8Array> & {
  // LevelDB's own, which the types of `level` leave out.
  /** Gives back the space of what was deleted in a range. */
  compactRange(start: string, end: string): Promise<void>;
  /** How large a range is on disk, roughly, in bytes. */
  approximateSize(start: string, end: string): Promise<number>;
};
export type Operation = BatchOperation<Database, string, Uint8Array>;
export type Pair = readonly [key: string, value: Uint8Array];

/** One moment of a database: what is read with it does not see later writes. */
export type Moment = ReturnType<Database['snapshot']>;

export function databaseIn(folder: string): Database {
  return new Level<string, Uint8Array>(folder, { keyEncoding: 'utf8', valueEncoding: 'view' }) as Database;
}

/** How a database is opened without being a store yet. */
export interface DatabaseOptions {
  /** Make the folder where it is missing; default false. */
  readonly create?: boolean;
}

/** Whether there is a database in the folder. */
export function isDatabase(folder: string): boolean {
  return existsSync(join(folder, 'CURRENT'));
}

/**
 * Opens the database in a folder whatever its format and whatever it has lost, does something with it, and closes it.
 * @throws ScriptoriumError STORE_LOCKED when another process has it, STORE_UNAVAILABLE when there is none
 */
export async function withDatabase<T>(
  folder: string,
  work: (db: Database) => Promise<T>,
  { create = false }: DatabaseOptions = {},
): Promise<T> {
  const path = resolve(folder);
  if (!create && !isDatabase(path)) throw new ScriptoriumError('STORE_UNAVAILABLE', `There is no store in ${path}.`);
  const db = databaseIn(path);
  try {
    await db.open({ createIfMissing: create });
  } catch (error) {
    throw openError(path, error);
  }
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** What is read of a range of keys, and the error of LevelDB when it finds some of the bytes damaged. */
export interface Reading {
  readonly pairs: readonly Pair[];
  readonly damage?: unknown;
}

/** Reads all pairs of a range that LevelDB can still read. */
export async function readRange(db: Database, range: KeyRange, moment?: Moment): Promise<Reading> {
  const options = { ...range, ...(moment && { snapshot: moment }) };
  try {
    return { pairs: await db.iterator(options).all() };
  } catch (error) {
    if (!isCorruption(error)) throw error;
  }
  // LevelDB skips a damaged block, but what was read together with it is lost: so one pair at a time.
  const pairs: Pair[] = [];
  const iterator = db.iterator({ ...options, highWaterMarkBytes: 0 });
  try {
    for (let pair = await iterator.next(); pair !== undefined; pair = await iterator.next()) pairs.push(pair);
    return { pairs };
  } catch (damage) {
    return { pairs, damage };
  } finally {
    await iterator.close();
  }
}

/** Reads one pair, as a range of one. */
export async function readKey(db: Database, key: string, moment?: Moment): Promise<Reading> {
  try {
    const value = await db.get(key, moment ? { snapshot: moment } : {});
    return { pairs: value === undefined ? [] : [[key, value]] };
  } catch (damage) {
    if (!isCorruption(damage)) throw damage;
    return { pairs: [], damage };
  }
}

/** Whether LevelDB itself found bytes damaged. */
export function isCorruption(error: unknown): boolean {
  return codeOf(error) === 'LEVEL_CORRUPTION';
}

/** Why a database did not open, as a store says it. */
export function openError(folder: string, error: unknown): ScriptoriumError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (codeOf(cause) === 'LEVEL_LOCKED') {
    return new ScriptoriumError('STORE_LOCKED', `Another process has the store in ${folder} open.`, { cause });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ScriptoriumError('STORE_UNAVAILABLE', `The store in ${folder} can't be opened: ${why}`, { cause });
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
