import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

type Decoded = ReturnType<typeof Y.decodeUpdate>;
type Struct = Decoded['structs'][number];
type Part = Y.Item | Y.GC;
type DeleteSet = ReturnType<typeof Y.createDeleteSet>;

/** To join fewer saves less than it costs. */
const FEW = 4;

/** A Yjs V1 update, and what Yjs makes of its bytes; undefined where that throws. To join updates uses that up. */
export interface DecodedUpdate {
  readonly update: Uint8Array;
  readonly decoded: Decoded | undefined;
}

/** Decodes an update, for {@link joinTyping}. */
export function decodeUpdate(update: Uint8Array): DecodedUpdate {
  try {
    return { update, decoded: Y.decodeUpdate(update) };
  } catch {
    return { update, decoded: undefined }; // who reads it will say what is wrong
  }
}

/**
 * The same with each run of what was typed in one update. Everything else stands alone: an update that Yjs chokes on
 * takes no other with it.
 */
export function joinTyping(updates: readonly DecodedUpdate[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let run: DecodedUpdate[] = [];
  const endRun = (): void => {
    const one = run.length >= FEW ? joinDecoded(run) : undefined;
    if (one) joined.push(one);
    else for (const { update } of run) joined.push(update);
    run = [];
  };
  for (const one of updates) {
    if (isTyping(one)) {
      run.push(one);
    } else {
      endRun();
      joined.push(one.update);
    }
  }
  endRun();
  return joined;
}

/**
 * One Yjs V1 update that does what all of these do, one after the other. Neighbours that Yjs itself would keep as one
 * item are one: what somebody typed letter by letter is a piece of text. No `Y.Doc` is built; the time grows with the
 * bytes.
 *
 * Undefined where that takes more than putting side by side: updates that overlap in part, documents in documents, bytes
 * that are no update, or that Yjs would read in another way. Then send them as they are.
 */
export function joinUpdates(updates: readonly Uint8Array[]): Uint8Array | undefined {
  return joinDecoded(decodedOneByOne(updates));
}

/** So that what was decoded of one is forgotten when the next one is taken. */
function* decodedOneByOne(updates: readonly Uint8Array[]): Iterable<DecodedUpdate> {
  for (const update of updates) yield decodeUpdate(update);
}

/**
 * Whether an update does nothing but type into text that is there, and delete. Yjs can choke on others that decode, and
 * would then take nothing of what they are joined with.
 */
function isTyping({ decoded }: DecodedUpdate): boolean {
  return decoded?.structs.every(isTyped) ?? false;
}

function isTyped(struct: Struct): boolean {
  return struct instanceof Y.Item && struct.content instanceof Y.ContentString && struct.origin !== null;
}

function joinDecoded(updates: Iterable<DecodedUpdate>): Uint8Array | undefined {
  try {
    return join(updates);
  } catch {
    return undefined;
  }
}

function join(updates: Iterable<DecodedUpdate>): Uint8Array | undefined {
  const parts = new Map<number, Part[]>();
  const all = Y.createDeleteSet();
  for (const { decoded } of updates) {
    if (decoded === undefined || !collect(decoded.structs, parts)) return undefined;
    for (const [client, items] of decoded.ds.clients) {
      const known = all.clients.get(client);
      if (known) for (const item of items) known.push(item);
      else all.clients.set(client, items);
    }
  }
  const deletions = Y.mergeDeleteSets([all]); // of one: sorted, and what touches joined
  const encoder = new Y.UpdateEncoderV1();
  if (!writeParts(encoder, parts, deletions)) return undefined;
  writeDeletions(encoder, deletions);
  return encoder.toUint8Array();
}

/** Sorts an update's structs by client. False when it has something that is better left alone. */
function collect(structs: readonly Struct[], parts: Map<number, Part[]>): boolean {
  const begun = new Set<number>();
  let client: number | undefined;
  for (const struct of structs) {
    if (struct.id.client !== client) {
      client = struct.id.client;
      // Of a client that is in an update twice, Yjs takes only what comes last.
      if (begun.has(client)) return false;
      begun.add(client);
    }
    if (struct instanceof Y.Skip) continue;
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentDoc) return false;
    const known = parts.get(client);
    if (known) known.push(struct);
    else parts.set(client, [struct]);
  }
  return true;
}

/** As Yjs does: the highest client first, and of each one its structs without a gap. False when some overlap in part. */
function writeParts(encoder: Y.UpdateEncoderV1, parts: ReadonlyMap<number, Part[]>, deletions: DeleteSet): boolean {
  encoding.writeVarUint(encoder.restEncoder, parts.size);
  for (const [client, its] of [...parts].sort(([a], [b]) => b - a)) {
    const joined = joinParts(its, deletions);
    const [first] = joined;
    if (first === undefined) return false;
    encoding.writeVarUint(encoder.restEncoder, joined.length);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, first.id.clock);
    for (const struct of joined) struct.write(encoder, 0);
  }
  return true;
}

/** One client's structs by their clock, neighbours joined. None when some overlap in part. */
function joinParts(parts: Part[], deletions: DeleteSet): Struct[] {
  const joined: Struct[] = [];
  let last: Part | undefined;
  let end = 0;
  for (const part of sorted(parts)) {
    const { client, clock } = part.id;
    if (last !== undefined && clock < end) {
      if (clock + part.length > end) return [];
      continue; // was there before: what came first counts
    }
    if (last !== undefined && clock > end) joined.push(new Y.Skip(Y.createID(client, end), clock - end));
    end = clock + part.length;
    if (last !== undefined && continues(last, part, deletions)) {
      last.length += part.length;
    } else {
      joined.push(part);
      last = part;
    }
  }
  return joined;
}

/** Most come in their order. */
function sorted(parts: Part[]): Part[] {
  const inOrder = parts.every((part, i) => i === 0 || (parts[i - 1] as Part).id.clock <= part.id.clock);
  return inOrder ? parts : parts.sort((a, b) => a.id.clock - b.id.clock);
}

/** Whether Yjs would make these two one, by the rules of its `Item.mergeWith`; then the first has the second's content. */
function continues(left: Part, right: Part, deletions: DeleteSet): boolean {
  if (left.id.clock + left.length !== right.id.clock) return false;
  if (!(left instanceof Y.Item && right instanceof Y.Item)) return left instanceof Y.GC && right instanceof Y.GC;
  const leftEnd = Y.createID(left.id.client, right.id.clock - 1);
  if (!Y.compareIDs(right.origin, leftEnd) || !Y.compareIDs(left.rightOrigin, right.rightOrigin)) return false;
  const [kept, more] = [left.content, right.content];
  if (kept instanceof Y.ContentString && more instanceof Y.ContentString) return kept.mergeWith(more);
  if (kept instanceof Y.ContentDeleted && more instanceof Y.ContentDeleted) return kept.mergeWith(more);
  const areLists =
    (kept instanceof Y.ContentAny && more instanceof Y.ContentAny) ||
    (kept instanceof Y.ContentJSON && more instanceof Y.ContentJSON);
  // They may be two values of one key, the second of which took the place of the first.
  if (!areLists || Y.isDeleted(deletions, leftEnd) !== Y.isDeleted(deletions, right.id)) return false;
  for (const value of more.arr as unknown[]) kept.arr.push(value); // their `mergeWith` copies all that is there each time
  return true;
}

function writeDeletions(encoder: Y.UpdateEncoderV1, { clients }: DeleteSet): void {
  encoding.writeVarUint(encoder.restEncoder, clients.size);
  for (const [client, items] of [...clients].sort(([a], [b]) => b - a)) {
    encoder.resetDsCurVal();
    encoding.writeVarUint(encoder.restEncoder, client);
    encoding.writeVarUint(encoder.restEncoder, items.length);
    for (const { clock, len } of items) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(len);
    }
  }
}
