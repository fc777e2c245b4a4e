import * as Y from 'yjs';

/**
 * So many structs and deletions are read of one update, and are kept of one document: more than a book has with all of
 * its history. Each takes about a hundred bytes while it is read, and may take two in the update.
 */
export const MAX_PARTS = 1_000_000;
/** So many clients may write in one update, and be in one state vector: each session of a person is one. */
export const MAX_CLIENTS = 250_000;
/** The end of every client's clock: a character is one. Beyond 2^52, Yjs' V2 format rounds. */
export const MAX_CLOCK = 2 ** 40;
/** How deep values may lie in each other: Yjs, and most who read a document, walk through them by recursion. */
const MAX_DEPTH = 100;

/** Yjs' decoder of V1 updates, which gives up when an update has more in it than anybody writes. */
export class BoundedDecoder extends Y.UpdateDecoderV1 {
  #parts = 0;
  #clients = 0;

  override readInfo(): number {
    this.#countPart();
    return super.readInfo();
  }

  override readDsLen(): number {
    this.#countPart();
    return super.readDsLen();
  }

  override readClient(): number {
    if (++this.#clients > MAX_CLIENTS) throw new RangeError('too many clients');
    return super.readClient();
  }

  #countPart(): void {
    if (++this.#parts > MAX_PARTS) throw new RangeError('too many structs');
  }
}

/** @throws RangeError when values in an item's content are too deep */
export function checkContentDepth(content: Y.Item['content']): void {
  if (content instanceof Y.ContentAny || content instanceof Y.ContentJSON) checkDepth(content.arr, 0);
  else if (content instanceof Y.ContentEmbed) checkDepth(content.embed, 0);
  else if (content instanceof Y.ContentFormat) checkDepth(content.value, 0);
  else if (content instanceof Y.ContentDoc) checkDepth(content.opts, 0);
}

function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (depth > MAX_DEPTH) throw new RangeError('a value is too deep');
  for (const member of Array.isArray(value) ? (value as unknown[]) : Object.values(value))
    checkDepth(member, depth + 1);
}
