import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { ScriptoriumError } from './errors.ts';
import { readCount, readEnd, readText } from './read.ts';

/** The state of one client in an awareness update, as y-protocols/awareness writes it. */
export interface AwarenessEntry {
  readonly clientId: number;
  /** Grows with each state of that client; the newest wins. */
  readonly clock: number;
  /** The state as JSON text: an object, or `null` when the client is gone. */
  readonly state: string;
}

/** The state of a client that is gone. */
export const GONE = 'null';

/**
 * The entries of an awareness update.
 * @throws ScriptoriumError MALFORMED_AWARENESS when the bytes are no awareness update or a state is no JSON object or null
 */
export function decodeAwareness(update: Uint8Array): AwarenessEntry[] {
  const entries: AwarenessEntry[] = [];
  try {
    const decoder = decoding.createDecoder(update);
    const count = readCount(decoder);
    for (let i = 0; i < count; i++) {
      const entry = { clientId: readCount(decoder), clock: readCount(decoder), state: readText(decoder) };
      const state: unknown = JSON.parse(entry.state);
      if (typeof state !== 'object' || Array.isArray(state)) throw new TypeError('the state is not an object');
      entries.push(entry);
    }
    readEnd(decoder);
  } catch (cause) {
    throw new ScriptoriumError('MALFORMED_AWARENESS', 'The awareness update cannot be read.', { cause });
  }
  return entries;
}

/** An awareness update of these entries, in y-protocols' format. */
export function encodeAwareness(entries: Iterable<AwarenessEntry>): Uint8Array {
  const body = encoding.createEncoder();
  let count = 0;
  for (const { clientId, clock, state } of entries) {
    encoding.writeVarUint(body, clientId);
    encoding.writeVarUint(body, clock);
    encoding.writeVarString(body, state);
    count++;
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, count);
  encoding.writeUint8Array(encoder, encoding.toUint8Array(body));
  return encoding.toUint8Array(encoder);
}
