/** Many updates on their way to another thread: one piece of memory is handed over far faster than a thousand. */
export interface PackedUpdates {
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
}

export function packUpdates(updates: readonly Uint8Array[]): PackedUpdates {
  return { bytes: Buffer.concat(updates), lengths: Uint32Array.from(updates, ({ length }) => length) };
}

/** The updates again, each in memory of its own: Yjs may read beyond the end of one that is damaged. */
export function unpackUpdates({ bytes, lengths }: PackedUpdates): Uint8Array[] {
  let at = 0;
  return Array.from(lengths, (length) => {
    const from = at;
    at += length;
    return new Uint8Array(bytes.subarray(from, at));
  });
}
