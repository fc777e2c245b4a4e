import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { seededRandom } from '../test/support/random.ts';
import type { ServerProcess } from './server-process.ts';
import { stampNow, stampOf, stampOfStatus, statusOf, Typist } from './typist.ts';

/** What goes on in the room. */
export interface Load {
  readonly peers: number;
  /** Of each peer, on average. */
  readonly editsPerSecond: number;
  readonly movesPerSecond: number;
  readonly measureMs: number;
}

/** How the peers talk to the server. */
export interface Dialect {
  /** The path of a room. */
  path(room: string): string;
  /** Whether the server speaks Yjs' sync protocol: then peers say step 1 first, and ask when their edits are durable. */
  readonly syncs: boolean;
}

/** What was measured. Times in milliseconds, of edits sent to edits received; all of them, unsorted. */
export interface Measurement {
  /** Edits and moves sent, times the peers that they are for. */
  readonly deliveries: number;
  /** Edits sent, warm-up and all. */
  readonly edits: number;
  /** Deliveries of edits that did not come in time. */
  readonly lost: number;
  readonly wallMs: number;
  readonly serverCpuMicros: number;
  readonly serverRssBytes: number;
  readonly generatorCpuMicros: number;
  readonly latencies: readonly number[];
  /** From an edit to the word that it is durable. */
  readonly savedLatencies: readonly number[];
}

const WARM_UP_MS = 800;
const DRAIN_MS = 5_000;
const CONNECT_AT_ONCE = 20;
const SYNC = 0;
const STEP_2 = 1;
const UPDATE = 2;
const SYNC_STATUS = 102;
/** Step 1 with an empty state vector and step 2 with an empty update: what a `y-websocket` client without content says. */
const GREETING = ['00000100', '0001020000'].map((hex) => Buffer.from(hex, 'hex'));

/** Opens a room, lets its peers type for a while, and tells what that cost. Edits come at random times, by the seed. */
export async function measureRoom(
  server: ServerProcess,
  dialect: Dialect,
  room: string,
  load: Load,
  seed: number,
): Promise<Measurement> {
  const { peers: count, editsPerSecond, movesPerSecond, measureMs } = load;
  const sockets: WebSocket[] = [];
  const latencies: number[] = [];
  const savedLatencies: number[] = [];
  let since = Number.POSITIVE_INFINITY;

  const receive = (data: Buffer): void => {
    if (data[0] === SYNC && data[1] === UPDATE) {
      const sentAt = stampOf(data);
      if (sentAt >= since) latencies.push(performance.now() - sentAt);
    } else if (data[0] === SYNC_STATUS) {
      const sentAt = stampOfStatus(data);
      if (sentAt >= since) savedLatencies.push(performance.now() - sentAt);
    }
  };

  try {
    while (sockets.length < count) {
      const next = Array.from({ length: Math.min(CONNECT_AT_ONCE, count - sockets.length) }, () => {
        const socket = new WebSocket(server.url + dialect.path(room), { perMessageDeflate: false });
        sockets.push(socket);
        return join(socket, dialect, receive);
      });
      await Promise.all(next);
    }

    const random = seededRandom(seed);
    const typists = sockets.map((socket) => ({ socket, typist: new Typist(1 + Math.floor(random() * 0xffff_fffe)) }));
    let edits = 0;
    let moves = 0;
    let editsBefore = 0;
    const perSecond = count * (editsPerSecond + movesPerSecond);

    // Each gap is random, so that now and then several peers type at once, as people do.
    const act = (): void => {
      const { socket, typist } = typists[Math.floor(random() * count)] ?? {};
      if (socket === undefined || typist === undefined) return;
      if (random() * (editsPerSecond + movesPerSecond) < editsPerSecond) {
        const stamp = stampNow();
        socket.send(typist.edit(stamp));
        if (dialect.syncs) socket.send(statusOf(stamp));
        edits++;
      } else {
        socket.send(typist.cursor());
        moves++;
      }
    };
    const actUntil = async (endsAt: number): Promise<void> => {
      for (let at = performance.now(); at < endsAt; at += (-Math.log(1 - random()) * 1000) / perSecond) {
        const waitMs = at - performance.now();
        if (waitMs >= 1) await sleep(waitMs);
        act();
      }
      await sleep(Math.max(0, endsAt - performance.now()));
    };

    await actUntil(performance.now() + WARM_UP_MS);
    editsBefore = edits;
    moves = 0;
    const usageBefore = await server.usage();
    const generatorBefore = process.cpuUsage();
    since = performance.now();
    await actUntil(since + measureMs);

    const measuredEdits = edits - editsBefore;
    const expected = measuredEdits * (count - 1);
    const expectedSaved = dialect.syncs ? measuredEdits : 0;
    const deadline = performance.now() + DRAIN_MS;
    const isMissing = () => latencies.length < expected || savedLatencies.length < expectedSaved;
    while (isMissing() && performance.now() < deadline) await sleep(1);
    const wallMs = performance.now() - since;
    const generator = process.cpuUsage(generatorBefore);
    const usage = await server.usage();

    return {
      deliveries: (measuredEdits + moves) * (count - 1),
      edits,
      lost: expected - latencies.length + expectedSaved - savedLatencies.length,
      wallMs,
      serverCpuMicros: usage.cpuMicros - usageBefore.cpuMicros,
      serverRssBytes: usage.rssBytes,
      generatorCpuMicros: generator.user + generator.system,
      latencies,
      savedLatencies,
    };
  } finally {
    await Promise.all(sockets.map(leave));
  }
}

async function join(socket: WebSocket, { syncs }: Dialect, receive: (data: Buffer) => void): Promise<void> {
  await once(socket, 'open');
  // A connection that breaks shows as lost deliveries.
  socket.on('error', () => {});
  if (syncs) {
    const synced = new Promise<void>((resolve, reject) => {
      socket.once('close', () => reject(new Error('The server closed a connection.')));
      socket.on('message', function first(data: Buffer) {
        if (data[0] !== SYNC || data[1] !== STEP_2) return;
        socket.off('message', first);
        resolve();
      });
    });
    for (const message of GREETING) socket.send(message);
    await synced;
  }
  socket.on('message', receive);
}

async function leave(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = once(socket, 'close').catch(() => {});
  if (socket.readyState === WebSocket.OPEN) socket.close();
  else socket.terminate();
  const timer = setTimeout(() => socket.terminate(), 1_000);
  await closed;
  clearTimeout(timer);
}
