import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { kindOf } from './message.ts';
import { Peer, type Target } from './peer.ts';
import { within } from './within.ts';

const READ_TIMEOUT_MS = 20_000;

/** Joins a room with a real `Y.Doc` and answers what it holds, with at least the edits that are awaited. */
export async function readDocument(target: Target, room: string, awaits: readonly number[] = []): Promise<Y.Doc> {
  const doc = new Y.Doc();
  const peer = new Peer(target, room, {
    awaits,
    whole: true,
    listener: {
      onMessage(message) {
        const kind = kindOf(message, 0);
        if (kind !== 'step 2' && kind !== 'update') return;
        const decoder = decoding.createDecoder(message.subarray(2));
        Y.applyUpdate(doc, decoding.readVarUint8Array(decoder));
      },
    },
  });
  try {
    await within(READ_TIMEOUT_MS, `reading ${room}`, peer.synced);
    return doc;
  } finally {
    peer.leave();
  }
}
