import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../test/support/random.ts';
import type { Known } from '../generator/dialect.ts';
import { DOCUMENT_END, recordedDocument, seedRoom } from '../generator/document.ts';
import { Peer, type PeerOptions } from '../generator/peer.ts';
import { Typist } from '../generator/typist.ts';
import { within } from '../generator/within.ts';
import { type BenchServer, settled } from './bench-server.ts';
import { Meter, type Metered } from './meter.ts';

/** What it cost that many peers came at once, until the last one had all that it came for. */
export interface Storm extends Metered {
  /** From the server to the peers, and from them to the server, with all that the sockets carried. */
  readonly bytesDown: number;
  readonly bytesUp: number;
}

const PEERS = 200;
/** For the code to be warm; in another room, so that nothing is known of the one that is measured. */
const WARM_UP_PEERS = 50;
const DOCUMENT_BYTES = 304_000;
/** What those who come back have missed. */
const MISSED_EDITS = 100;
const STORM_TIMEOUT_MS = 60_000;

/** Peers that have nothing join a document at once, in which somebody is already. */
export async function measureJoinStorm(running: BenchServer): Promise<Storm> {
  const document = recordedDocument(DOCUMENT_BYTES);
  const storm = async (room: string, count: number) => {
    const stays = await seedRoom(running, room, document);
    await settled(running);
    const measured = await comeAtOnce(running, room, count, { awaits: [DOCUMENT_END] });
    stays.leave();
    return measured;
  };
  await storm('warm-up', WARM_UP_PEERS);
  return storm('storm', PEERS);
}

/** Peers that have the document come back at once to a room in which somebody typed on. */
export async function measureResumeStorm(running: BenchServer): Promise<Storm> {
  const document = recordedDocument(DOCUMENT_BYTES);
  const awaits = Array.from({ length: MISSED_EDITS }, (_, number) => number);
  const storm = async (room: string, count: number) => {
    const writer = await seedRoom(running, room, document);
    await settled(running);
    const position = await positionIn(running, room);
    const typist = new Typist(seededRandom(1));
    for (const number of awaits) {
      writer.send(typist.edit(number));
      await sleep(5);
    }
    await settled(running);
    const known: Known = { ...document.known, ...(position && { position }) };
    const measured = await comeAtOnce(running, room, count, { known, awaits });
    writer.leave();
    return measured;
  };
  await storm('warm-up', WARM_UP_PEERS);
  return storm('storm', PEERS);
}

async function comeAtOnce(running: BenchServer, room: string, count: number, options: PeerOptions): Promise<Storm> {
  const meter = new Meter(running);
  let peers: readonly Peer[] = [];
  try {
    await meter.during(async () => {
      peers = Array.from({ length: count }, () => new Peer(running, room, options));
      await within(STORM_TIMEOUT_MS, 'a storm', Promise.all(peers.map(({ synced }) => synced)));
    });
    return {
      ...meter.total,
      bytesDown: peers.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0),
      bytesUp: peers.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
    };
  } finally {
    for (const peer of peers) peer.leave();
  }
}

/** Where the room's log stands, if the server counts. */
async function positionIn(running: BenchServer, room: string): Promise<Known['position']> {
  let position: Known['position'];
  const peer = new Peer(running, room, {
    whole: true,
    listener: {
      onMessage(message) {
        if (message[0] !== 100) return;
        // Not all of the welcome: what a client says again when it comes back is these two.
        const { epoch, seq } = JSON.parse(message.toString().replace(/^[^{]*/, '')) as NonNullable<Known['position']>;
        position = { epoch, seq };
      },
    },
  });
  await peer.synced;
  peer.leave();
  return position;
}
