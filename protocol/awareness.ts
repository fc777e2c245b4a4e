import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { ScriptoriumError } from './errors.ts';
import { parseJsonObject } from './json.ts';
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

/** So many states are read of one awareness update. Far fewer are in a room; each costs a microsecond. */
const MAX_ENTRIES = 10_000;

/**
 * The entries of an awareness update.
 * @throws ScriptoriumError MALFORMED_AWARENESS when the bytes are no awareness update, or a state is neither an object as
 *   {@link parseJsonObject} takes it nor null
 */
export function decodeAwareness(update: Uint8Array): AwarenessEntry[] {
  const entries: AwarenessEntry[] = [];
  try {
    const decoder = decoding.createDecoder(update);
    const count = readCount(decoder);
    if (count > MAX_ENTRIES) throw new RangeError('there are too many states');
    for (let i = 0; i < count; i++) {
      const entry = { clientId: readCount(decoder), clock: readCount(decoder), state: readText(decoder) };
      if (entry.state !== GONE) parseJsonObject(entry.state);
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
