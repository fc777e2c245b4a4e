import type { Pinning } from './core.ts';
import { type BenchServer, settled, withServer } from './measure/bench-server.ts';
import { measureCapacity } from './measure/capacity.ts';
import { DAY, measureDay } from './measure/day.ts';
import { measureIdleConnections, measureIdleRooms } from './measure/idle.ts';
import type { Metered } from './measure/meter.ts';
import { measureJoinStorm, measureResumeStorm, type Storm } from './measure/storm.ts';
import type { Turn } from './measure/turns.ts';
import { measureTyping, type Typed, type Typing } from './measure/typing.ts';
import { SERVERS, type Server } from './servers.ts';

/** What is measured, each a number; which ones depends on the kind of load. */
export type Figures = Readonly<Partial<Record<Figure, number>>>;

export type Figure =
  /** CPU of the server in microseconds for each delivery; the server's and the load generator's share of their core. */
  | 'cpuMicros'
  | 'core'
  | 'generator'
  /** What else went on on the machine, as a share of one core. */
  | 'others'
  /** How late the load generator was with what it sent, 99th percentile. */
  | 'lateMs'
  | 'p50'
  | 'p99'
  | 'moveP50'
  | 'moveP99'
  | 'durableP50'
  | 'durableP99'
  | 'lost'
  /** Of a capacity: the highest rate that holds, and 1 if it was the load generator that could not do more. */
  | 'editsPerSecond'
  | 'atLeast'
  /** Of a storm: until all have what they came for, the server's CPU, and the bytes of all sockets. */
  | 'ms'
  | 'cpuMs'
  | 'bytes'
  /** Resident memory of one more. */
  | 'bytesEach';

/** How to run one measurement. */
export interface Run {
  readonly pinning: Pinning;
  readonly seed: number;
  /** How long people type. */
  readonly seconds: number;
  /** Where it can, it is measured in short turns, between which the other servers have theirs. */
  readonly turn: Turn;
}

/** Something that the servers are put through. */
export interface Load {
  readonly id: string;
  readonly title: string;
  readonly kind: 'typing' | 'capacity' | 'storm' | 'memory';
  readonly servers: readonly Server[];
  /** Left out of a quick look, and of every round but the first. */
  readonly slow?: 'slow' | 'slow and steady';
  measure(server: Server, run: Run): Promise<Figures>;
}

const GROUPS = { rooms: 100, peers: 5 };
const CROWD = { rooms: 1, peers: 200 };
const TEAMS = { rooms: 10, peers: 50 };
const WARM_UP: Typing = { rooms: 1, peers: 50, editsPerSecond: 4, movesPerSecond: 4, warmUpMs: 500, seconds: 0.5 };
const DOCUMENT_BYTES = 304_000;
const stock = SERVERS.filter(({ id }) => id !== 'ours-resuming');
const keeping = stock.filter(({ keeps }) => keeps !== 'nothing');

interface Rates extends Omit<Typing, 'seconds'> {
  /** Each server is done before the next one begins. */
  readonly oneByOne?: boolean;
}

function typing(id: string, title: string, { oneByOne = false, ...rates }: Rates, servers = stock): Load {
  return {
    id,
    title,
    kind: 'typing',
    servers,
    measure: (server, { pinning, seed, seconds, turn }) =>
      withServer(server, pinning, async (running) => {
        await warmUp(running, seed);
        const typed = await measureTyping(running, 'room', { ...rates, seconds }, seed, oneByOne ? undefined : turn);
        return typedFigures(typed);
      }),
  };
}

/** Afterwards the server has put away the room that was left. */
async function warmUp(running: BenchServer, seed: number): Promise<void> {
  await measureTyping(running, 'warm-up', WARM_UP, seed);
  await settled(running);
}

const each = (editsPerSecond: number, movesPerSecond = 0) => ({ editsPerSecond, movesPerSecond });

/** All loads, in the order in which they run. */
export const LOADS: readonly Load[] = [
  typing('crowd', '1 room x 200, 1 edit/s each', { ...CROWD, ...each(1) }),
  typing('crowd-cursors', '1 room x 200, 1 edit/s and 2 moves/s each', { ...CROWD, ...each(1, 2) }),
  // More than a server can do that passes on each message by itself. It is late by half a minute then, in which those
  // that are stopped would take their peers for gone.
  typing('crowd-busy', '1 room x 200, 4 edits/s and 8 moves/s each', {
    ...CROWD,
    ...each(4, 8),
    oneByOne: true,
  }),
  typing('crowd-quiet', '1 room x 200, an edit in 20 s and a move in 10 s each', { ...CROWD, ...each(0.05, 0.1) }),
  typing('teams', '10 rooms x 50, 2 edits/s each', { ...TEAMS, ...each(2) }),
  typing(
    'teams-document',
    '10 rooms x 50 in documents of 304 KB, 2 edits/s each',
    { ...TEAMS, ...each(2), documentBytes: DOCUMENT_BYTES },
    keeping,
  ),
  typing('groups', '100 rooms x 5, 5 edits/s each', { ...GROUPS, ...each(5) }),
  typing('groups-busy', '100 rooms x 5, 40 edits/s each', { ...GROUPS, ...each(40) }),
  {
    id: 'day',
    title: `${DAY.rooms} rooms x 1 to ${DAY.maxPeers}, people writing`,
    kind: 'typing',
    servers: stock,
    measure: (server, { pinning, seed, seconds, turn }) =>
      withServer(server, pinning, async (running) => {
        await warmUp(running, seed);
        return typedFigures(await measureDay(running, seconds, seed, turn));
      }),
  },
  {
    id: 'capacity',
    title: 'edits/s of 100 rooms x 5 with p99 <= 50 ms',
    kind: 'capacity',
    servers: stock,
    slow: 'slow',
    measure: (server, { pinning, seed, turn }) =>
      withServer(server, pinning, async (running) => {
        await warmUp(running, seed);
        const { editsPerSecond, atLeast, held } = await measureCapacity(running, GROUPS, seed, turn);
        return { ...(held && typedFigures(held)), editsPerSecond, atLeast: Number(atLeast) };
      }),
  },
  {
    id: 'join-storm',
    title: '200 peers join a document of 304 KB at once',
    kind: 'storm',
    servers: keeping,
    measure: (server, { pinning }) =>
      withServer(server, pinning, async (running) => stormFigures(await measureJoinStorm(running))),
  },
  {
    id: 'resume-storm',
    title: '200 peers come back at once, each 100 edits behind',
    kind: 'storm',
    servers: SERVERS.filter(({ keeps }) => keeps !== 'nothing'),
    measure: (server, { pinning }) =>
      withServer(server, pinning, async (running) => stormFigures(await measureResumeStorm(running))),
  },
  {
    id: 'idle-rooms',
    title: '1,000 open rooms with a document of 96 KB and one idle peer',
    kind: 'memory',
    servers: stock,
    slow: 'slow and steady',
    measure: async (server, { pinning }) => ({ bytesEach: await measureIdleRooms(server, pinning) }),
  },
  {
    id: 'idle-connections',
    title: '5,000 idle connections in one empty room',
    kind: 'memory',
    servers: stock,
    slow: 'slow and steady',
    measure: async (server, { pinning }) => ({ bytesEach: await measureIdleConnections(server, pinning) }),
  },
];

function typedFigures(typed: Typed): Figures {
  const { deliveries, serverCpuMicros, lateMs, edit, move, durable, lost } = typed;
  return {
    cpuMicros: serverCpuMicros / deliveries,
    ...shares(typed),
    lateMs,
    p50: edit.p50,
    p99: edit.p99,
    ...(!Number.isNaN(move.p50) && { moveP50: move.p50, moveP99: move.p99 }),
    ...(!Number.isNaN(durable.p50) && { durableP50: durable.p50, durableP99: durable.p99 }),
    lost,
  };
}

function stormFigures(storm: Storm): Figures {
  const { wallMs, serverCpuMicros, bytesDown, bytesUp } = storm;
  return { ms: wallMs, cpuMs: serverCpuMicros / 1000, bytes: bytesDown + bytesUp, ...shares(storm) };
}

function shares({ wallMs, serverCpuMicros, generatorCpuMicros, othersCpuMicros }: Metered): Figures {
  const share = (cpuMicros: number): number => cpuMicros / 1000 / wallMs;
  return { core: share(serverCpuMicros), generator: share(generatorCpuMicros), others: share(othersCpuMicros) };
}
