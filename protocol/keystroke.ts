import type { Run, UpdateContent } from './update-content.ts';

const NOTHING: readonly Run[] = [];
/** What a Yjs item begins with: which content it has, and what of its place is said. */
const CONTENT = 0b0001_1111;
const STRING = 4;
const HAS_ORIGIN = 0b1000_0000;
const HAS_RIGHT_ORIGIN = 0b0100_0000;
const HAS_PARENT_KEY = 0b0010_0000;
const ROOT = 1;
/** Updates with more deletions are left to Yjs, and its bounds. */
const MAX_DELETIONS = 16;
/** The smallest character of UTF-8 by how many bytes follow its first, and the largest of all. */
const SMALLEST = [0, 0x80, 0x800, 0x10000];
const LARGEST = 0x10ffff;
/** Numbers with more bytes, 2^35 and above, are left to Yjs: no client has made so many characters. */
const MAX_COUNT_BYTES = 5;

/**
 * What is in a V1 update that has at most one piece of text and deletions of one client, as nearly all have that
 * somebody types. Yjs makes a dozen objects to say the same, and they were a quarter of the relay's garbage. Undefined
 * for every other update, and for one with anything wrong in it: what it is is for Yjs to say.
 */
export function keystrokeContent(update: Uint8Array): UpdateContent | undefined {
  const reader = new Reader(update);
  const inserted = readInserted(reader);
  const deleted = inserted && readDeleted(reader);
  return deleted && reader.isAtEnd ? { inserted, deleted } : undefined;
}

function readInserted(reader: Reader): readonly Run[] | undefined {
  const clients = reader.count();
  if (clients === 0) return NOTHING;
  if (clients !== 1 || reader.count() !== 1) return;
  const client = reader.count();
  const clock = reader.count();
  const info = reader.byte();
  if ((info & CONTENT) !== STRING) return;
  let isWellPlaced = true;
  if (info & HAS_ORIGIN) isWellPlaced = reader.skipReference(client, clock);
  if (info & HAS_RIGHT_ORIGIN) isWellPlaced = reader.skipReference(client, clock) && isWellPlaced;
  if ((info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) === 0) {
    if (info & HAS_PARENT_KEY) return;
    isWellPlaced = reader.count() === ROOT ? reader.skipText() > 0 : reader.skipReference(client, clock);
  }
  const length = reader.skipText();
  return isWellPlaced && length > 0 ? [{ client, clock, length }] : undefined;
}

function readDeleted(reader: Reader): readonly Run[] | undefined {
  const clients = reader.count();
  if (clients === 0) return NOTHING;
  if (clients !== 1) return;
  const client = reader.count();
  const count = reader.count();
  if (!(count > 0 && count <= MAX_DELETIONS)) return;
  const deleted: Run[] = [];
  for (let i = 0; i < count; i++) {
    const clock = reader.count();
    const length = reader.count();
    if (!(length > 0)) return;
    deleted.push({ client, clock, length });
  }
  return deleted;
}

/** Where a number cannot be read it is NaN, and the reader is past the end from then on: the update is left to Yjs. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? Number.NaN;
  }

  /** A number of lib0's: seven bits a byte, the lowest first. */
  count(): number {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < MAX_COUNT_BYTES; i++) {
      const byte = this.byte();
      if (byte < 0x80) return value + byte * unit;
      value += (byte & 0x7f) * unit;
      unit *= 0x80;
    }
    this.#at = this.#bytes.length + 1;
    return Number.NaN;
  }

  /** The id of another item. Not one that the client makes only later. */
  skipReference(client: number, clock: number): boolean {
    const isOfClient = this.count() === client;
    const itsClock = this.count();
    return itsClock < (isOfClient ? clock : Number.POSITIVE_INFINITY);
  }

  /** How many UTF-16 units the text has that follows; 0 where it is not UTF-8. */
  skipText(): number {
    const bytes = this.count();
    const end = this.#at + bytes;
    if (!(end <= this.#bytes.length)) return 0;
    let length = 0;
    while (this.#at < end) {
      const units = this.#skipCharacter();
      if (units === 0) return 0;
      length += units;
    }
    return this.#at === end ? length : 0;
  }

  #skipCharacter(): number {
    const lead = this.byte();
    if (lead < 0x80) return 1;
    const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    let code = lead & (0x3f >> more);
    for (let i = 0; i < more; i++) {
      const next = this.byte();
      if ((next & 0xc0) !== 0x80) return 0;
      code = (code << 6) | (next & 0x3f);
    }
    const isLead = lead >= 0xc0 && lead < 0xf8;
    const isSurrogate = code >= 0xd800 && code <= 0xdfff;
    if (!isLead || isSurrogate || code < (SMALLEST[more] ?? 0) || code > LARGEST) return 0;
    return code > 0xffff ? 2 : 1;
  }
}
