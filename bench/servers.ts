import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Dialect, hello, hocuspocus, relay, yWebsocket } from './generator/dialect.ts';
import type { Command } from './server-process.ts';

/** All connections of a bench come from one address, and 5,000 of them are in one room. */
const WITHOUT_BOUNDS = ['maxConnectionsPerAddress', 'maxPeersPerDocument'].flatMap((name) => [
  '--limit',
  `${name}=Infinity`,
]);

/** A server that is measured. */
export interface Server {
  readonly id: ServerId;
  readonly title: string;
  /** What it does with an edit, beside passing it on. */
  readonly keeps: 'nothing' | 'in memory' | 'LevelDB' | 'LevelDB, synced before it is acknowledged';
  readonly dialect: Dialect;
  command(folder: string): Command;
  version(): string;
}

export type ServerId = 'ours' | 'ours-resuming' | 'hocuspocus' | 'y-websocket' | 'y-leveldb' | 'relay';

/** Hocuspocus needs Node 22. Where ours is older, the package `node-<platform>-<arch>` of the bench has a newer one. */
const newerNode = (): string => {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const name = `node-${process.platform === 'darwin' ? 'bin-' : ''}${process.platform}-${process.arch}`;
  return join(folderOf(name), 'bin', 'node');
};

const ours: Server = {
  id: 'ours',
  title: 'Scriptorium',
  keeps: 'LevelDB, synced before it is acknowledged',
  dialect: yWebsocket('/sync', true),
  command: (folder) => ({
    program: [
      'bin/scriptorium.js',
      'serve',
      '--port',
      '0',
      '--data',
      folder,
      '--log-format',
      'json',
      ...WITHOUT_BOUNDS,
    ],
  }),
  version: () => versionIn(new URL('..', import.meta.url).pathname),
};

/** Ours, as its own client talks to it. */
const oursResuming: Server = {
  ...ours,
  id: 'ours-resuming',
  title: 'Scriptorium, by position',
  dialect: hello,
};

const hocuspocusServer: Server = {
  id: 'hocuspocus',
  title: 'Hocuspocus',
  keeps: 'LevelDB',
  dialect: hocuspocus,
  command: (folder) => ({ program: ['bench/peers/hocuspocus.js', folder], runtime: newerNode() }),
  version: () => versionIn(folderOf('@hocuspocus/server')),
};

const yWebsocketInMemory: Server = {
  id: 'y-websocket',
  title: 'y-websocket, in memory',
  keeps: 'in memory',
  dialect: yWebsocket(''),
  command: () => ({ program: ['bench/peers/y-websocket.js'] }),
  version: () => versionIn(folderOf('y-websocket')),
};

const yWebsocketWithLevel: Server = {
  ...yWebsocketInMemory,
  id: 'y-leveldb',
  title: 'y-websocket, y-leveldb',
  keeps: 'LevelDB',
  command: (folder) => ({ program: ['bench/peers/y-websocket.js'], environment: { YPERSISTENCE: folder } }),
};

const wsRelay: Server = {
  id: 'relay',
  title: 'ws relay',
  keeps: 'nothing',
  dialect: relay,
  command: () => ({ program: ['bench/peers/ws-relay.js'] }),
  version: () => versionIn(folderOf('ws')),
};

/** All servers, in the order in which they are shown. */
export const SERVERS: readonly Server[] = [
  ours,
  oursResuming,
  hocuspocusServer,
  yWebsocketInMemory,
  yWebsocketWithLevel,
  wsRelay,
];

/** The version of a Node; by default of the one that runs this. */
export function nodeVersionOf(runtime = process.execPath): string {
  return spawnSync(runtime, ['--version'], { encoding: 'utf8' }).stdout.trim();
}

function folderOf(name: string): string {
  // Not every package exports its package.json.
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const path of paths) {
    try {
      readFileSync(join(path, name, 'package.json'));
      return join(path, name);
    } catch {}
  }
  throw new Error(`The package ${name} is missing: npm ci --prefix bench`);
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}
