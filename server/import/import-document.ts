import { randomUUID } from 'node:crypto';
import * as Y from 'yjs';
import type { ForeignDocument, Storage } from '../../persistence/index.ts';
import {
  asScriptoriumError,
  Coverage,
  checkDocumentName,
  decodeUpdateContent,
  ScriptoriumError,
} from '../../protocol/index.ts';
import { compact } from '../compaction.ts';
import { readStoredDocument, type StoredDocument } from '../stored-document.ts';
import { isSameState } from './same-state.ts';

/** How an import goes about it. */
export interface ImportOptions {
  /** Put the document of the other store in the place of one that differs. */
  readonly force: boolean;
  /** Write nothing. */
  readonly dryRun: boolean;
}

/** What became of one document. */
export type Imported =
  | { readonly result: 'imported' | 'replaced'; readonly bytes: number }
  /** All of it is in the store already, maybe with more that was written since. */
  | { readonly result: 'present' }
  /** There is a document of that name with another content. It is left as it is. */
  | { readonly result: 'differs' }
  | { readonly result: 'unreadable'; readonly error: ScriptoriumError };

/**
 * Takes a document of another store over, in one commit: cut off at any moment, it is wholly there or not at all. What
 * was written is read again and compared with what the other store has. `storage` is undefined when there is none yet.
 * @throws ScriptoriumError STORE_UNAVAILABLE; DOCUMENT_UNREADABLE when what was stored is not what was to be
 */
export async function importDocument(
  storage: Storage | undefined,
  { document, updates }: ForeignDocument,
  { force, dryRun }: ImportOptions,
): Promise<Imported> {
  let update: Uint8Array;
  try {
    checkDocumentName(document);
    update = oneUpdate(updates);
  } catch (thrown) {
    return { result: 'unreadable', error: asScriptoriumError(thrown) };
  }
  const stored = storage && (await readStoredDocument(document, storage));
  if (stored && contentOf(updatesOf(stored)).covers(decodeUpdateContent(update))) return { result: 'present' };
  if (stored && !force) return { result: 'differs' };
  if (storage && !dryRun) {
    if (stored) await storage.delete(document);
    const at = Date.now();
    await storage.create(document, { epoch: randomUUID(), at, entries: [{ at, update }] });
    await verify(storage, document, updates);
  }
  return { result: stored ? 'replaced' : 'imported', bytes: update.length };
}

/** @throws ScriptoriumError MALFORMED_UPDATE; INTERNAL when they can't be made into one */
function oneUpdate(updates: readonly Uint8Array[]): Uint8Array {
  for (const update of updates) decodeUpdateContent(update);
  try {
    const update = Y.convertUpdateFormatV2ToV1(compact({ snapshot: undefined, updates }).update);
    if (isSameState(updates, [update])) return update;
  } catch (cause) {
    throw new ScriptoriumError('MALFORMED_UPDATE', 'Its updates make no document.', { cause });
  }
  throw new ScriptoriumError(
    'MALFORMED_UPDATE',
    'Its updates make a document that reads otherwise when it is written.',
  );
}

async function verify(storage: Storage, document: string, updates: readonly Uint8Array[]): Promise<void> {
  const stored = await readStoredDocument(document, storage);
  if (stored && isSameState(updates, updatesOf(stored))) return;
  const message = `What was stored of ${JSON.stringify(document)} is not what the other store has.`;
  throw new ScriptoriumError('DOCUMENT_UNREADABLE', message);
}

function updatesOf({ snapshot, entries }: StoredDocument): Uint8Array[] {
  const tail = entries.map(({ update }) => update);
  return snapshot ? [Y.convertUpdateFormatV2ToV1(snapshot.update), ...tail] : tail;
}

function contentOf(updates: readonly Uint8Array[]): Coverage {
  const coverage = new Coverage();
  for (const update of updates) coverage.add(decodeUpdateContent(update));
  return coverage;
}
