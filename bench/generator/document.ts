import * as Y from 'yjs';
import { readTrace } from '../../test/traces/trace.ts';
import type { Known } from './dialect.ts';
import { editMarker, MAX_MARKERS } from './marker.ts';
import { updateMessage } from './message.ts';
import { Peer, type Target } from './peer.ts';
import { within } from './within.ts';

/** A document that was typed by people, and what a client knows that has it. */
export interface RecordedDocument {
  /** Yjs V1. */
  readonly update: Uint8Array;
  readonly known: Known;
}

/** The number of the edit that ends every recorded document: who has it has the document. */
export const DOCUMENT_END = MAX_MARKERS - 1;

const RECORDING = 'sveltecomponent';
const LOOK_EVERY = 200;
const SEED_TIMEOUT_MS = 20_000;
const made = new Map<number, RecordedDocument>();

/** A document of about so many bytes (V1): a recording typed again and again, each time by another client into another text. */
export function recordedDocument(bytes: number): RecordedDocument {
  const known = made.get(bytes);
  if (known) return known;
  const { transactions } = readTrace(RECORDING);
  const doc = new Y.Doc();
  for (let session = 1, enough = false; !enough; session++) {
    const typed = new Y.Doc();
    typed.clientID = session;
    const text = typed.getText(`recording ${session}`);
    for (const [i, { patches }] of transactions.entries()) {
      typed.transact(() => {
        for (const [position, deleted, inserted] of patches) {
          if (deleted > 0) text.delete(position, deleted);
          if (inserted !== '') text.insert(position, inserted);
        }
      });
      enough = i % LOOK_EVERY === 0 && sizeOf(doc) + sizeOf(typed) >= bytes;
      if (enough) break;
    }
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(typed));
  }
  const document = ended(doc);
  made.set(bytes, document);
  return document;
}

/** The document with the mark of its end. */
export function ended(doc: Y.Doc): RecordedDocument {
  doc.clientID = 1_000;
  doc.getText('end').insert(0, editMarker(DOCUMENT_END));
  const stateVector = Y.encodeStateVector(doc);
  return {
    update: Y.encodeStateAsUpdate(doc),
    known: { stateVector, answer: Y.encodeStateAsUpdate(doc, stateVector) },
  };
}

/** Puts a document into a room and waits until another peer gets it. The peer that is returned stays there. */
export async function seedRoom(target: Target, room: string, { update }: RecordedDocument): Promise<Peer> {
  const writer = new Peer(target, room);
  await within(SEED_TIMEOUT_MS, `joining ${room}`, writer.synced);
  const reader = new Peer(target, room, { awaits: [DOCUMENT_END] });
  writer.send(updateMessage(update));
  await within(SEED_TIMEOUT_MS, `writing ${room}`, reader.synced);
  reader.leave();
  return writer;
}

function sizeOf(doc: Y.Doc): number {
  return Y.encodeStateAsUpdate(doc).length;
}
