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

const MAX_P99_MS = 50;
/** What was sent of what should have been. */
const MIN_SENT = 0.97;
const SATURATED = 0.95;
/** Each server has as many probes: those of a minute in which the machine is slow do not end the search of any of them. */
const PROBES = 13;
const FIRST = 6_000;
const MAX_STEP = 1.5;
const MIN_STEP = 1.05;
/** The probes before it have warmed the server, but it was stopped while others had their turns. */
const PROBE = { warmUpMs: 1_000, seconds: 2, drainMs: 2_000 };

/**
 * Raises the rate until edits come late or not at all, then goes down and up again in smaller steps. The highest rate
 * that held counts. A turn is a probe.
 */
export async function measureCapacity(
  running: BenchServer,
  rooms: Pick<Typing, 'rooms' | 'peers'>,
  seed: number,
  turn: Turn,
): Promise<Capacity> {
  let best: Capacity = { editsPerSecond: 0, atLeast: false, held: undefined };
  let [rate, step] = [FIRST, MAX_STEP];
  for (let probe = 0; probe < PROBES; probe++) {
    const editsPerSecond = rate / rooms.rooms / rooms.peers;
    const typing = { ...rooms, ...PROBE, editsPerSecond, movesPerSecond: 0 };
    await passTurn(running, turn);
    const typed = await measureTyping(running, `probe-${probe}`, typing, seed);
    await settled(running, 5_000);
    if (holds(typed, rate)) {
      if (rate > best.editsPerSecond) best = { editsPerSecond: rate, atLeast: false, held: typed };
      step = Math.min(MAX_STEP, step ** 2);
      rate *= step;
    } else {
      if (rate > best.editsPerSecond) best = { ...best, atLeast: isGeneratorsEnd(typed) };
      step = Math.max(MIN_STEP, Math.sqrt(step));
      rate /= step;
    }
  }
  return best;
}

function holds({ edits, sentMs, lost, edit }: Typed, rate: number): boolean {
  return lost === 0 && edit.p99 <= MAX_P99_MS && (edits / sentMs) * 1000 >= rate * MIN_SENT;
}

/** The load generator was at its end, and the server was not. */
function isGeneratorsEnd({ wallMs, generatorCpuMicros, serverCpuMicros }: Typed): boolean {
  const share = (cpuMicros: number): number => cpuMicros / 1000 / wallMs;
  return share(generatorCpuMicros) > SATURATED && share(serverCpuMicros) < SATURATED;
}
