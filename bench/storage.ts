// What it costs to keep keystrokes: ours beside y-leveldb and a synced put. What is measured: README.md.
import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseIn } from '../persistence/level-database.ts';
import { keystrokesOf, snapshotBytes, TRACES } from './keystrokes.ts';
import { measureRate, measureSizes, PIPELINED, type Typing } from './storage-load.ts';
import { type Contestant, ours, syncedPut, yLeveldb } from './stores.ts';
import { machine, percentile, table } from './table.ts';

const ROUNDS = 3;
const MEASURE_MS = 1_000;
const CONTESTANTS: readonly Contestant[] = [ours, yLeveldb, syncedPut];
/** How many rooms, and how many keystrokes of each are looked at on disk. */
const LOADS = [
  { rooms: 1, each: 10_000 },
  { rooms: 10, each: 2_000 },
  { rooms: 100, each: 400 },
];

const keystrokes = TRACES.map(keystrokesOf);
const root = await mkdtemp(join(tmpdir(), 'scriptorium-bench-'));
let folders = 0;
const newFolder = (): string => join(root, String(folders++));

// The server's timers do not keep a process alive, and here are no sockets that do.
const alive = setInterval(() => {}, 60_000);

try {
  console.log(machine(false));
  console.log(
    `Temporary folder on ${fileSystemOf(root)}; a write of 200 bytes and fdatasync takes ${await syncMs()} ms.\n`,
  );
  await rates();
  await sizes();
  await traces();
} finally {
  clearInterval(alive);
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
}

async function rates(): Promise<void> {
  const rows: string[][] = [];
  for (const typing of ['waiting', 'pipelined'] satisfies Typing[]) {
    for (const { rooms } of LOADS) {
      const measured = CONTESTANTS.map(() => [] as number[]);
      for (let round = 0; round < ROUNDS; round++) {
        const order = [...CONTESTANTS.entries()];
        for (const [i, contestant] of round % 2 === 0 ? order : order.reverse()) {
          measured[i]?.push(await measureRate(contestant, newFolder(), keystrokes, rooms, typing, MEASURE_MS));
        }
      }
      const [mine = 0, theirs = 0, put = 0] = measured.map((rounds) => percentile(rounds, 0.5));
      rows.push([typing, String(rooms), ...[mine, theirs, put].map(rounded), ratio(mine, put), ratio(mine, theirs)]);
    }
  }
  const head = ['typing', 'rooms', ...CONTESTANTS.map(({ name }) => name), 'ours / put', 'ours / y-leveldb'];
  console.log(`Keystrokes stored a second, medians of ${ROUNDS} rounds of ${MEASURE_MS / 1000} s.`);
  console.log(
    `waiting: each room stores one, then types the next. pipelined: up to ${PIPELINED} of a room under way.\n`,
  );
  console.log(`${table(head, rows).join('\n')}\n`);
}

async function sizes(): Promise<void> {
  const rows: string[][] = [];
  for (const { rooms, each } of LOADS) {
    for (const contestant of CONTESTANTS) {
      const measured = await measureSizes(contestant, newFolder(), keystrokes, rooms, each, rewrite);
      const { appended, compacted, rewritten } = measured;
      const perKeystroke = (bytes: number | undefined) =>
        bytes === undefined ? '-' : (bytes / rooms / each).toFixed(1);
      rows.push([String(rooms), String(each), contestant.name, ...[appended, compacted, rewritten].map(perKeystroke)]);
    }
  }
  console.log(
    'Bytes on disk for each keystroke: as appended, after a snapshot took their place, after compactRange.\n',
  );
  console.log(
    `${table(['rooms', 'keystrokes each', 'store', 'appended', 'compacted', 'compactRange'], rows).join('\n')}\n`,
  );
}

async function traces(): Promise<void> {
  const rows: string[][] = [];
  for (const trace of keystrokes) {
    const snapshot = snapshotBytes(trace.updates);
    for (const contestant of [ours, yLeveldb]) {
      const measured = await measureSizes(contestant, newFolder(), [trace], 1, trace.updates.length, rewrite);
      const { appended, compacted = 0, rewritten } = measured;
      const bytes = [appended, compacted, rewritten].map(String);
      rows.push([
        trace.name,
        contestant.name,
        String(snapshot),
        ...bytes,
        ratio(compacted, snapshot),
        ratio(rewritten, snapshot),
      ]);
    }
  }
  console.log('Whole recordings, one to a folder, in bytes; what is left of them beside their V2 snapshot.\n');
  const head = [
    'recording',
    'store',
    'V2 snapshot',
    'appended',
    'compacted',
    'compactRange',
    'compacted / V2',
    'compactRange / V2',
  ];
  console.log(table(head, rows).join('\n'));
}

async function rewrite(folder: string): Promise<void> {
  const db = databaseIn(folder);
  await db.open();
  await (db as unknown as { compactRange(start: string, end: string): Promise<void> }).compactRange('', '\uffff');
  await db.close();
}

function fileSystemOf(folder: string): string {
  const type =
    spawnSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).stdout?.trim() || 'an unknown file system';
  return type === 'tmpfs' ? 'tmpfs, where fdatasync costs nothing: set TMPDIR to a folder on a disk' : type;
}

async function syncMs(): Promise<string> {
  const COUNT = 500;
  const file = await open(join(root, 'sync'), 'w');
  const begun = performance.now();
  for (let i = 0; i < COUNT; i++) {
    await file.write(new Uint8Array(200));
    await file.datasync();
  }
  const ms = (performance.now() - begun) / COUNT;
  await file.close();
  return ms.toFixed(2);
}

function rounded(value: number): string {
  return value.toFixed(0);
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2);
}
