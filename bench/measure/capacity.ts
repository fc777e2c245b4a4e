import { type BenchServer, passTurn, settled } from './bench-server.ts';
import type { Turn } from './turns.ts';
import { measureTyping, type Typed, type Typing } from './typing.ts';

/** The most that a server takes. */
export interface Capacity {
  /** All rooms together. */
  readonly editsPerSecond: number;
  /** The load generator was the first to be at its end: the server takes more. */
  readonly atLeast: boolean;
  /** At the rate that held. */
  readonly held: Typed | undefined;
}

interface Probe {
  readonly typed: Typed;
  readonly holds: boolean;
  /** The load generator was at its end, and the server was not. */
  readonly limited: boolean;
  /** Something else on the machine was busy. */
  readonly disturbed: boolean;
}

const MAX_P99_MS = 50;
/** What was sent of what should have been. */
const MIN_SENT = 0.97;
const SATURATED = 0.95;
const DISTURBED = 0.2;
const MAX_TRIES = 2;
const MAX_DISTURBED_TRIES = 4;
const FIRST = 6_000;
const STEP = 1.5;
const HALVINGS = 3;
const MAX_STEPS = 9;
/** The probes before it have warmed the server. */
const PROBE = { warmUpMs: 1_000, seconds: 2, drainMs: 2_000 };

/** Raises the rate until edits come late or not at all, then looks for the highest that holds in between. A turn is a probe. */
export async function measureCapacity(
  running: BenchServer,
  rooms: Pick<Typing, 'rooms' | 'peers'>,
  seed: number,
  turn: Turn,
): Promise<Capacity> {
  let probes = 0;
  const probeOnce = async (rate: number): Promise<Probe> => {
    const editsPerSecond = rate / rooms.rooms / rooms.peers;
    const typing = { ...rooms, ...PROBE, editsPerSecond, movesPerSecond: 0 };
    await passTurn(running, turn);
    const typed = await measureTyping(running, `probe-${probes++}`, typing, seed);
    await settled(running, 5_000);
    const sent = (typed.edits / typed.sentMs) * 1000;
    const share = (cpuMicros: number): number => cpuMicros / 1000 / typed.wallMs;
    const limited = share(typed.generatorCpuMicros) > SATURATED && share(typed.serverCpuMicros) < SATURATED;
    const holds = typed.lost === 0 && typed.edit.p99 <= MAX_P99_MS && sent >= rate * MIN_SENT;
    return { typed, holds, limited, disturbed: share(typed.othersCpuMicros) > DISTURBED };
  };

  // Once may be chance, and where something else was busy it is no news.
  const probe = async (rate: number): Promise<Probe> => {
    for (let tries = 1; ; tries++) {
      const probed = await probeOnce(rate);
      if (probed.holds || tries >= (probed.disturbed ? MAX_DISTURBED_TRIES : MAX_TRIES)) return probed;
    }
  };

  let held: Typed | undefined;
  let [low, high, atLeast] = [0, FIRST, false];
  for (let step = 0; step < MAX_STEPS; step++, high *= STEP) {
    const { typed, holds, limited } = await probe(high);
    atLeast = limited;
    if (!holds) break;
    [held, low] = [typed, high];
  }
  for (let i = 0; i < HALVINGS; i++) {
    const middle = low === 0 ? high / STEP : Math.sqrt(low * high);
    const { typed, holds, limited } = await probe(middle);
    if (holds) [held, low] = [typed, middle];
    else [high, atLeast] = [middle, limited];
  }
  return { editsPerSecond: low, atLeast, held };
}
