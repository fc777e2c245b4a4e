/** Pieces up to this size are put together, in bytes: to copy them costs less than to write each. */
const SMALL_BYTES = 16 * 1024;

/** The chunks of all parts, one behind the other. Mostly there is one part. */
export function chunksOf<P>(parts: readonly P[], chunks: (part: P) => readonly Uint8Array[]): readonly Uint8Array[] {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return chunks(only);
  const all: Uint8Array[] = []; // not `flatMap`: on this path its cost shows
  for (const part of parts) for (const chunk of chunks(part)) all.push(chunk);
  return all;
}

/** The same bytes, with small neighbours in one piece. */
export function joined(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  if (chunks.length <= 1) return chunks;
  if (chunks.every(isSmall)) return [Buffer.concat(chunks)];
  const result: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const join = (): void => {
    const [first] = small;
    if (first) result.push(small.length === 1 ? first : Buffer.concat(small));
    small = [];
  };
  for (const chunk of chunks) {
    if (isSmall(chunk)) {
      small.push(chunk);
    } else {
      join();
      result.push(chunk);
    }
  }
  join();
  return result;
}

function isSmall({ length }: Uint8Array): boolean {
  return length <= SMALL_BYTES;
}
