// The messages of y-protocols, which all servers of the bench share; what stands before them is the dialect's.
import * as encoding from 'lib0/encoding';

const [SYNC, AWARENESS, SYNC_STATUS] = [0, 1, 102];
const [STEP_1, STEP_2, UPDATE] = [0, 1, 2];

/** An update that changes nothing. */
export const emptyUpdate = Uint8Array.of(0, 0);

export const stepOne = (stateVector: Uint8Array): Uint8Array => message([SYNC, STEP_1], stateVector);
export const stepTwo = (update: Uint8Array): Uint8Array => message([SYNC, STEP_2], update);
export const updateMessage = (update: Uint8Array): Uint8Array => message([SYNC, UPDATE], update);
export const awarenessMessage = (update: Uint8Array): Uint8Array => message([AWARENESS], update);
export const statusMessage = (payload: Uint8Array): Uint8Array => message([SYNC_STATUS], payload);

/** The message behind its prefix. */
export function prefixed(prefix: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (prefix.length === 0) return bytes;
  const both = new Uint8Array(prefix.length + bytes.length);
  both.set(prefix);
  both.set(bytes, prefix.length);
  return both;
}

export type Kind = 'step 1' | 'step 2' | 'update' | 'welcome' | 'other';

/** What a message is, by its beginning. */
export function kindOf(beginning: Uint8Array, prefixLength: number): Kind {
  const type = beginning[prefixLength];
  if (type === 100) return 'welcome';
  if (type !== SYNC) return 'other';
  const step = beginning[prefixLength + 1];
  return step === STEP_1 ? 'step 1' : step === STEP_2 ? 'step 2' : step === UPDATE ? 'update' : 'other';
}

function message(numbers: readonly number[], body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of numbers) encoding.writeVarUint(encoder, number);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}
