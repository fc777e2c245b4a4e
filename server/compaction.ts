import * as Y from 'yjs';
import {
  Coverage,
  contentOfDecoded,
  decodeUpdate,
  decodeUpdateContentV2,
  joinTyping,
  type UpdateContent,
} from '../protocol/index.ts';

/** What stands for a document, in the order in which it came. */
export interface CompactionInput {
  /** A Yjs V2 update. */
  readonly snapshot: Uint8Array | undefined;
  /** Yjs V1 updates. */
  readonly updates: readonly Uint8Array[];
}

export interface CompactionOutput {
  /** A Yjs V2 update that stands for all of the input. */
  readonly update: Uint8Array;
  readonly stateVector: Uint8Array;
}

/** So many updates are decoded at once: what is decoded of many thousands costs more to hold than to make. */
const BLOCK = 256;

/** What the output has to have: what the updates of the input carry, in their order. */
type Contents = readonly UpdateContent[];

/**
 * Many updates into one, through a `Y.Doc`: `Y.mergeUpdates` is quadratic in their number and collects no garbage. What
 * was typed letter by letter is put together first, which costs a fraction of letting Yjs take each letter in.
 *
 * Every operation of the input is in the output, also what Yjs holds back because something that it builds upon has
 * not come yet. Of a delete set with overlapping ranges, which no client of Yjs writes, Yjs forgets some: then the
 * updates concerned are merged, which puts their delete sets in order, and read again. So are all of them where somebody
 * wrote two operations under one id, of which Yjs may build nothing that can be written: merging leaves one.
 * @throws Error when the output would not say what the input says
 */
export function compact(input: CompactionInput): CompactionOutput {
  const { snapshot, updates } = input;
  const contents: UpdateContent[] = [];
  const joined: Uint8Array[] = [];
  for (let start = 0; start < updates.length; start += BLOCK) {
    const decoded = updates.slice(start, start + BLOCK).map(decodeUpdate);
    for (const one of decoded) contents.push(contentOfDecoded(one)); // first: to join them uses them up
    for (const one of joinTyping(decoded)) joined.push(one);
  }
  let output: CompactionOutput;
  try {
    output = rewrite({ snapshot, updates: joined });
  } catch {
    return mend(input, contents, snapshot ? [Y.convertUpdateFormatV2ToV1(snapshot), ...updates] : updates);
  }
  const lacking = lackingIn(output, input, contents);
  if (lacking.length === 0) return output;
  return mend(input, contents, [Y.convertUpdateFormatV2ToV1(output.update), ...lacking]);
}

function mend(input: CompactionInput, contents: Contents, updates: readonly Uint8Array[]): CompactionOutput {
  const mended = rewrite({ snapshot: undefined, updates: [Y.mergeUpdates([...updates])] });
  if (lackingIn(mended, input, contents).length > 0) throw new Error('the compacted document lacks operations');
  return mended;
}

/** What was written is read again and compared, so that a fault in between is an error here and never a lost document. */
function rewrite(input: CompactionInput): CompactionOutput {
  const doc = read(input);
  const update = Y.encodeStateAsUpdateV2(doc);
  if (!Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(read({ snapshot: update, updates: [] })))) {
    throw new Error('the compacted document differs from the one that was read');
  }
  return { update, stateVector: Y.encodeStateVector(doc) };
}

function read({ snapshot, updates }: CompactionInput): Y.Doc {
  const doc = new Y.Doc();
  doc.transact(() => {
    if (snapshot) Y.applyUpdateV2(doc, snapshot);
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return doc;
}

/**
 * The updates of the input that have something which the output has not.
 * @throws Error when it is the snapshot that has
 */
function lackingIn(
  { update }: CompactionOutput,
  { snapshot, updates }: CompactionInput,
  contents: Contents,
): Uint8Array[] {
  const written = new Coverage();
  written.add(decodeUpdateContentV2(update));
  if (snapshot && !written.covers(decodeUpdateContentV2(snapshot))) {
    throw new Error('the compacted document lacks operations of its snapshot');
  }
  return updates.filter((_, i) => !written.covers(contents[i] as UpdateContent));
}
