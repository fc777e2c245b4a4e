// Sends frames from many connections at once. A program of its own, and a patient one, so that what it costs is not felt
// by who measures.
import { constants, setPriority } from 'node:os';
import { WebSocket } from 'ws';
import { encodeAddressed, encodeBare, MESSAGE_TYPE } from '../../protocol/index.ts';
import { seededRandom } from '../support/random.ts';
import { Frames, isTaken } from './frames.ts';

interface Options {
  readonly syncUrl: string;
  readonly frames: number;
  readonly connections: number;
  readonly documents: number;
  readonly seed: number;
  /** So many at most, of all connections together. */
  readonly framesPerSecond: number;
}

/** What was sent, and how it ended. */
export interface FuzzOutcome {
  readonly frames: number;
  readonly connections: number;
  readonly refusedFrames: number;
  readonly seconds: number;
  /** How often a connection ended with each close code. */
  readonly closes: Readonly<Record<string, number>>;
}

const FRAMES_A_CONNECTION = 200;
/** So many of the connections have the addressed framing. */
const ADDRESSED_SHARE = 0.3;
const AT_ONCE = 10;
const HELLO = encodeBare({ type: 'hello', hello: { protocol: 1 } });
const STEP_ONE = encodeBare({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });

const options = JSON.parse(process.argv[2] ?? '') as Options;
const closes: Record<string, number> = {};
let [frames, connections, refusedFrames] = [0, 0, 0];
const begun = performance.now();
setPriority(constants.priority.PRIORITY_LOW);

/** As long as this connection has to wait until its next frames, on average, so that not all send at one moment. */
function pause(random: () => number): Promise<void> {
  const meanMs = ((AT_ONCE * options.connections) / options.framesPerSecond) * 1000;
  return new Promise((resolve) => void setTimeout(resolve, 2 * random() * meanMs));
}

/** The same message behind its address; one that is unknown there gives way to one that is known only there. */
function addressed(document: string, frame: Uint8Array): Uint8Array {
  if (frame[0] === MESSAGE_TYPE.syncStatus) return encodeAddressed(document, { type: 'stateless', payload: 'x' });
  const address = new TextEncoder().encode(document);
  return Uint8Array.of(address.length, ...address, ...frame);
}

/** Connects again and again, and sends until a frame is refused or it has sent enough. */
async function attack(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const source = new Frames(random);
  while (frames < options.frames) {
    connections++;
    const document = `fuzz-${Math.floor(random() * options.documents)}`;
    const isAddressed = random() < ADDRESSED_SHARE;
    const url = isAddressed ? options.syncUrl.replace(/sync$/, 'hocuspocus') : `${options.syncUrl}/${document}`;
    const framed = (frame: Uint8Array): Uint8Array => (isAddressed ? addressed(document, frame) : frame);
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.on('error', () => {});
    const closed = new Promise<number>((resolve) => void socket.once('close', resolve));
    await new Promise<void>((resolve) => void socket.once('open', resolve).once('close', () => resolve()));
    if (isAddressed) socket.send(encodeAddressed(document, { type: 'token', token: '' }));
    else if (random() < 0.5) socket.send(HELLO);
    socket.send(framed(STEP_ONE));
    let wasTaken = true;
    for (let i = 0; i < FRAMES_A_CONNECTION && wasTaken && socket.readyState === WebSocket.OPEN; i++) {
      const frame = source.next();
      wasTaken = isTaken(frame);
      frames++;
      socket.send(framed(frame));
      if (i % AT_ONCE === 0) await pause(random);
    }
    if (!wasTaken) refusedFrames++;
    // Where a damaged message has left the document, the next ones wait and are not looked at.
    if (wasTaken || isAddressed) socket.close();
    const code = await closed;
    closes[code] = (closes[code] ?? 0) + 1;
  }
}

await Promise.all(Array.from({ length: options.connections }, (_, i) => attack(options.seed * 10_000 + i)));
const seconds = (performance.now() - begun) / 1000;
console.log(JSON.stringify({ frames, connections, refusedFrames, seconds, closes } satisfies FuzzOutcome));
