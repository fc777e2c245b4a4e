// How much a document that is being compacted slows the others down. What is measured: README.md.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../client/node.ts';
import { LevelStorage } from '../persistence/index.ts';
import { workerCompactor } from '../server/compactor.ts';
import { DEFAULT_LIMITS } from '../server/options.ts';
import { readStoredDocument } from '../server/stored-document.ts';
import { seededRandom } from '../test/support/random.ts';
import { yWebsocket } from './generator/dialect.ts';
import { Peer } from './generator/peer.ts';
import { Typist } from './generator/typist.ts';
import type { BenchServer } from './measure/bench-server.ts';
import { type Latency, measureTyping, type Typing } from './measure/typing.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { machine, percentile, table } from './table.ts';

const ROUNDS = 5;
const DOCUMENT_BYTES = 1_000_000;
/** So much is typed into the large document, with and without compaction. */
const EDITS_PER_TICK = 20;
const TICK_MS = 10;
const LOAD: Typing = { rooms: 1, peers: 10, editsPerSecond: 20, movesPerSecond: 0, seconds: 5 };
const DIALECT = yWebsocket('/sync', true);
const LARGE = 'large';
/** What is typed into it; nobody looks for it. */
const MARKERS = 1_000;
const NEVER = ['compactEntries=Infinity', 'compactBytes=Infinity'].flatMap((limit) => ['--limit', limit]);

const root = await mkdtemp(join(tmpdir(), 'scriptorium-bench-'));
const servers: ServerProcess[] = [];
try {
  await run();
} finally {
  for (const { stop } of servers) await stop();
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
}

async function run(): Promise<void> {
  console.log(`${machine(false)}\n`);
  const large = largeDocument();
  const compacting = await start('compacting', []);
  const usual = await start('usual', NEVER);
  for (const server of [compacting, usual]) await write(server, large);
  const typing = [compacting, usual].map(typeInto);
  await Promise.all(typing.map(({ begun }) => begun));

  const latencies = { compacting: [] as Latency[], usual: [] as Latency[], busy: [] as Latency[] };
  await measureTyping(targetOf(compacting), 'warm-up', LOAD, 0);
  await measureTyping(targetOf(usual), 'warm-up', LOAD, 0);
  for (let round = 1; round <= ROUNDS; round++) {
    const turns = [
      async () => latencies.compacting.push(await latenciesOf(compacting, 0, `room-${round}`)),
      async () => latencies.usual.push(await latenciesOf(usual, 1, `room-${round}`)),
      // What a thread at work does to the other ones of the machine, whatever it works on.
      async () => latencies.busy.push(await besideBusyCore(() => latenciesOf(usual, 1, `busy-${round}`))),
    ];
    for (const turn of round % 2 === 1 ? turns : turns.reverse()) await turn();
  }
  const counts = typing.map(({ end }) => end());
  for (const { stop } of servers) await stop();

  const of = (rounds: readonly Latency[], p: keyof Latency) =>
    percentile(
      rounds.map((one) => one[p]),
      0.5,
    );
  const rows = (['p50', 'p99'] as const).map((p) => {
    const [during, without, busy] = [of(latencies.compacting, p), of(latencies.usual, p), of(latencies.busy, p)];
    const times = [without, during, busy].map((ms) => ms.toFixed(2));
    return [p, ...times, (during / without).toFixed(2), (during / busy).toFixed(2)];
  });
  const head = ['', 'never compacted', 'compacted', 'never, beside a busy core', 'ratio', 'ratio to busy'];
  console.log(
    `Relay latency of a room of ${LOAD.peers} in milliseconds, while another document of 1 MB is typed into:\n`,
  );
  console.log(`${table(head, rows).join('\n')}\n`);
  console.log(await compactions(join(root, 'compacting'), counts[0] ?? 0));

  async function latenciesOf(server: ServerProcess, turn: number, room: string): Promise<Latency> {
    typing[1 - turn]?.pause(true); // the other server is idle meanwhile
    typing[turn]?.pause(false);
    return (await measureTyping(targetOf(server), room, LOAD, 1)).edit;
  }
}

/** Does something while another process keeps a core busy, as the compaction's thread does. */
async function besideBusyCore<T>(work: () => Promise<T>): Promise<T> {
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    return await work();
  } finally {
    busy.kill('SIGKILL');
  }
}

async function start(name: string, args: readonly string[]): Promise<ServerProcess> {
  const program = ['bin/scriptorium.js', 'serve', '--port', '0', '--data', join(root, name), '--log-format', 'json'];
  const server = await startServer([], { program: [...program, ...args] });
  servers.push(server);
  return server;
}

function targetOf(process: ServerProcess): BenchServer {
  return { process, port: process.port, dialect: DIALECT };
}

/** A document of many small pieces, as people leave it that write for a long time in many places. */
function largeDocument(): Uint8Array {
  const random = seededRandom(1);
  const doc = new Y.Doc();
  for (let paragraphs = 0; ; paragraphs++) {
    const text = doc.getText(`paragraph-${paragraphs}`);
    doc.transact(() => {
      for (let i = 0; i < 1_000; i++) text.insert(Math.floor(random() * text.length), 'some words ');
    });
    if (Y.encodeStateAsUpdateV2(doc).length >= DOCUMENT_BYTES) return Y.encodeStateAsUpdate(doc);
  }
}

async function write(server: ServerProcess, update: Uint8Array): Promise<void> {
  const provider = new ScriptoriumProvider(`${server.url}/sync`, LARGE, new Y.Doc());
  await provider.whenSynced();
  Y.applyUpdate(provider.doc, update);
  await provider.whenSaved();
  provider.destroy();
}

/** Types into the large document at a steady pace until it is told to end. */
function typeInto(server: ServerProcess, client: number) {
  const peer = new Peer({ port: server.port, dialect: DIALECT }, LARGE);
  const typist = new Typist(seededRandom(client + 1));
  let edits = 0;
  let paused = true;
  const timer = setInterval(() => {
    for (let i = 0; i < EDITS_PER_TICK && !paused; i++) {
      peer.send(typist.edit(edits++ % MARKERS));
    }
  }, TICK_MS);
  return {
    begun: peer.synced,
    pause(on: boolean) {
      paused = on;
    },
    end() {
      clearInterval(timer);
      peer.leave();
      return edits;
    },
  };
}

/** What the compacting server had to do: that it did, and how long one takes. */
async function compactions(folder: string, edits: number): Promise<string> {
  const storage = new LevelStorage(folder);
  await storage.open();
  const stored = await readStoredDocument(LARGE, storage);
  await storage.close();
  const compactor = workerCompactor(DEFAULT_LIMITS);
  const compact = () =>
    compactor.compact(
      stored?.snapshot?.update,
      (stored?.entries ?? []).map(({ update }) => update),
    );
  await compact(); // starts the worker
  const begun = performance.now();
  const { update } = await compact();
  const ms = performance.now() - begun;
  await compactor.close();
  return (
    `${edits} edits were typed into it; its snapshot stands for entries 1 to ${stored?.snapshot?.seq} and has ` +
    `${update.length} bytes. To compact it takes ${ms.toFixed(0)} ms in the worker.`
  );
}
