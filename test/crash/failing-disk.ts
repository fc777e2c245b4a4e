import { spawnSync } from 'node:child_process';
import { appendFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { LevelStorage, type Storage } from '../../persistence/index.ts';
import { ScriptoriumError } from '../../protocol/index.ts';
import { createServer } from '../../server/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ServedFolder, serveFolder } from './served-folder.ts';

/** A served folder on a disk that can be made to refuse writes. */
export interface FailingDisk {
  /** How it fails, for the report. */
  readonly how: string;
  /** Starts the server, or kills it and starts it again. */
  start(): Promise<Pick<ServedFolder, 'httpUrl' | 'syncUrl'>>;
  fail(): Promise<void>;
  mend(): Promise<void>;
}

/** A small file system in memory. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves so many bytes free. */
  fill(leaveBytes: number): Promise<void>;
  free(): Promise<void>;
  freeBytes(): Promise<number>;
}

const TMPFS_BYTES = 16 * 1024 * 1024;
const LIMITS = { compactEntries: 20, compactBytes: 2_000 };

const command = (name: string, ...args: string[]): boolean => spawnSync(name, args).status === 0;

/** Undefined where this user may not mount one. */
export async function smallDisk(): Promise<SmallDisk | undefined> {
  const folder = await temporaryFolder();
  if (!command('mount', '-t', 'tmpfs', '-o', `size=${TMPFS_BYTES}`, 'tmpfs', folder)) return undefined;
  onTestFinished(() => void command('umount', '--lazy', folder));
  const filler = join(folder, 'filler');
  return {
    folder,
    async fill(leaveBytes) {
      for (let bytes = await freeBytes(folder); bytes > leaveBytes; bytes = await freeBytes(folder)) {
        await appendFile(filler, new Uint8Array(bytes - leaveBytes)).catch(() => {}); // somebody else took the last
      }
    },
    free: () => rm(filler),
    freeBytes: () => freeBytes(folder),
  };
}

/** A server on a disk that gets full. Undefined where this user may not mount one. */
export async function fullDisk(): Promise<FailingDisk | undefined> {
  const disk = await smallDisk();
  return (
    disk && onRealDisk('a full tmpfs', join(disk.folder, 'data'), { fail: () => disk.fill(0), mend: () => disk.free() })
  );
}

/** A folder in which nothing may be written, not even by those who have a file open. Undefined where there is no such. */
export async function immutableFolder(): Promise<FailingDisk | undefined> {
  const folder = await temporaryFolder();
  const setImmutable = (on: boolean): boolean => command('chattr', '-R', on ? '+i' : '-i', folder);
  if (!setImmutable(true)) return undefined;
  setImmutable(false);
  onTestFinished(() => void setImmutable(false));
  return onRealDisk('files made immutable (EPERM)', folder, {
    fail: async () => void setImmutable(true),
    mend: async () => void setImmutable(false),
  });
}

/** Where there is no such disk: a server in this process, on a store that says no when it is told to. */
export async function failingStorage(): Promise<FailingDisk> {
  const folder = await temporaryFolder();
  let broken = false;
  let stop = async (): Promise<void> => {};
  onTestFinished(() => stop());
  return {
    how: 'a wrapper around the storage',
    async start() {
      await stop();
      const server = createServer({ storage: refusing(new LevelStorage(folder), () => broken), limits: LIMITS });
      const { url } = await server.listen({ port: 0 });
      stop = () => server.close();
      return { httpUrl: url, syncUrl: `${url.replace('http', 'ws')}/sync` };
    },
    fail: async () => {
      broken = true;
    },
    mend: async () => {
      broken = false;
    },
  };
}

function onRealDisk(how: string, folder: string, faults: Pick<FailingDisk, 'fail' | 'mend'>): FailingDisk {
  let server: ServedFolder | undefined;
  return {
    how,
    async start() {
      server?.program.kill('SIGKILL');
      await server?.program.ended;
      server = await serveFolder(folder, LIMITS);
      return server;
    },
    ...faults,
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const WRITES = new Set<string | symbol>(['create', 'setTitle', 'append', 'replaceSnapshot', 'delete']);

function refusing(storage: Storage, isBroken: () => boolean): Storage {
  return new Proxy(storage, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (!isBroken() || !WRITES.has(name)) return member.apply(target, args);
        return Promise.reject(new ScriptoriumError('STORE_UNAVAILABLE', 'The disk is full.'));
      };
    },
  });
}
