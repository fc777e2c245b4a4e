/** Something that is wrong with what is stored. */
export interface Problem {
  /** The document; absent when it concerns the store as a whole. */
  readonly document?: string;
  readonly kind: 'record' | 'snapshot' | 'entry' | 'leftover' | 'store';
  /** The seq of the entry, or of the first of those that are missing. */
  readonly seq?: number;
  /** The last of the entries that are missing. */
  readonly lastSeq?: number;
  /** What is wrong, for people. */
  readonly message: string;
}

/** A problem in one line, without the name of the document: `entry 7: its checksum is wrong`. */
export function describeProblem({ kind, seq, lastSeq, message }: Problem): string {
  if (seq === undefined) return `${kind}: ${message}`;
  const many = lastSeq !== undefined && lastSeq > seq;
  return many ? `entries ${seq} to ${lastSeq}: ${message}` : `${kind} ${seq}: ${message}`;
}
