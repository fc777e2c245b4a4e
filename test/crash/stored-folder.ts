import { cp } from 'node:fs/promises';
import * as Y from 'yjs';
import { LevelStorage } from '../../persistence/index.ts';
import { readStoredDocument } from '../../server/stored-document.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Ledger } from './ledger.ts';

/** A copy of a data folder that nobody has open. */
export async function copyOf(folder: string): Promise<string> {
  const copy = await temporaryFolder();
  await cp(folder, copy, { recursive: true });
  return copy;
}

/** What is stored of a document, without any server. */
export interface StoredText {
  readonly text: string;
  /** The entries that no snapshot stands for. */
  readonly entries: number;
  readonly snapshotSeq: number;
  readonly snapshotBytes: number;
}

/**
 * Reads the documents that are stored in a folder, by name.
 * @throws ScriptoriumError what LevelStorage throws when it can't or won't open the folder
 */
export async function readFolder(folder: string, ledgers: readonly Ledger[]): Promise<Map<string, StoredText>> {
  const storage = new LevelStorage(folder);
  await storage.open();
  try {
    const texts = new Map<string, StoredText>();
    for (const { document } of ledgers) {
      const stored = await readStoredDocument(document, storage);
      if (stored === undefined) continue;
      const doc = new Y.Doc();
      if (stored.snapshot) Y.applyUpdateV2(doc, stored.snapshot.update);
      for (const { update } of stored.entries) Y.applyUpdate(doc, update);
      texts.set(document, {
        text: doc.getText().toString(),
        entries: stored.entries.length,
        snapshotSeq: stored.snapshot?.seq ?? 0,
        snapshotBytes: stored.snapshot?.update.length ?? 0,
      });
    }
    return texts;
  } finally {
    await storage.close();
  }
}
