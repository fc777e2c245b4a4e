import * as encoding from 'lib0/encoding';
import { emptyUpdate, stepOne, stepTwo } from './message.ts';

/** What a client has already, when it comes back. */
export interface Known {
  /** Yjs' state vector. */
  readonly stateVector: Uint8Array;
  /** The update that answers a server that has all of it: the whole delete set, as Yjs makes it. */
  readonly answer: Uint8Array;
  /** Where it stood in the log of a server that counts. */
  readonly position?: { readonly epoch: string; readonly seq: number };
}

/** How the stock client of a server talks. */
export interface Dialect {
  path(room: string): string;
  /** What stands before every message of a room. */
  prefix(room: string): Uint8Array;
  /** Whether the server keeps documents: then a client says what it has, and is told the rest. */
  readonly syncs: boolean;
  /** What a client says on opening, without the prefix. */
  opening(known: Known): readonly Uint8Array[];
  /** Whether a sync status after an edit is answered when the edit is durable. */
  readonly confirms: boolean;
}

const EMPTY_STATE_VECTOR = Uint8Array.of(0);

export const NOTHING: Known = { stateVector: EMPTY_STATE_VECTOR, answer: emptyUpdate };

const noPrefix = new Uint8Array(0);

/** y-websocket's client; the servers that speak its protocol differ in the path. */
export function yWebsocket(base: string, confirms = false): Dialect {
  return {
    path: (room) => `${base}/${room}`,
    prefix: () => noPrefix,
    syncs: true,
    opening: ({ stateVector }) => [stepOne(stateVector)],
    confirms,
  };
}

/** The client of ours: it says hello, and where it stands in the log. */
export const hello: Dialect = {
  ...yWebsocket('/sync', true),
  opening: ({ stateVector, position }) => [
    withString([100], JSON.stringify({ protocol: 1, ...(position && { resume: position }) })),
    stepOne(stateVector),
  ],
};

/** Hocuspocus' provider: the document's name before everything, and a token before the first step. */
export const hocuspocus: Dialect = {
  path: () => '/',
  prefix: (room) => withString([], room),
  syncs: true,
  opening: ({ stateVector }) => [withString([2, 0], '', '4.7.0'), stepOne(stateVector)],
  confirms: false,
};

/** Clients of a server that passes on what it gets. */
export const relay: Dialect = {
  path: (room) => `/${room}`,
  prefix: () => noPrefix,
  syncs: false,
  opening: () => [],
  confirms: false,
};

/** What a client answers to the server's step 1. */
export const answerTo = ({ answer }: Known): Uint8Array => stepTwo(answer);

function withString(numbers: readonly number[], ...strings: readonly string[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of numbers) encoding.writeVarUint(encoder, number);
  for (const string of strings) encoding.writeVarString(encoder, string);
  return encoding.toUint8Array(encoder);
}
