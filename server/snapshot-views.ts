import * as Y from 'yjs';
import { Coverage, decodeUpdateContent, type UpdateContent } from '../protocol/index.ts';

// What is made of a snapshot for those who join: pure, and where a snapshot is large, run in a thread of its own.

/** A V1 update, and what somebody has of it. */
export interface DifferenceInput {
  readonly update: Uint8Array;
  readonly stateVector: Uint8Array;
}

/** The snapshot as clients read it: a V1 update. */
export function whole(snapshot: Uint8Array): Uint8Array {
  return Y.convertUpdateFormatV2ToV1(snapshot);
}

/** What somebody with this state vector lacks of a V1 update. */
export function difference({ update, stateVector }: DifferenceInput): Uint8Array {
  return Y.diffUpdate(update, stateVector);
}

/** Which operations a V1 update carries, in as few runs as there can be. */
export function content(update: Uint8Array): UpdateContent {
  const coverage = new Coverage();
  coverage.add(decodeUpdateContent(update));
  return coverage.content();
}
