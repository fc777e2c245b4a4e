import { deleteCopy } from '../../client/index.ts';
import { ApiError, type DocumentInfo, deleteDocument } from '../api.ts';
import { forgetTitle } from '../known-titles.ts';
import { messages } from '../language.ts';
import { SYNC_URL } from '../sync-url.ts';
import { SHORT_TOAST_MS, showToast, TOAST_MS } from '../toasts.ts';
import { forgetMarks } from './device-marks.ts';

interface Deletion {
  readonly undo: () => void;
}

const pending = new Map<string, Deletion>();
const listeners = new Set<() => void>();

/** Whether a document is about to be deleted: it is shown no more. */
export function isBeingDeleted(document: string): boolean {
  return pending.has(document);
}

/** Calls `listener` when a document goes or comes back. Returns what stops it. */
export function watchDeletions(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes back the deletion that was asked for last. False when there is none. */
export function undoDeletion(): boolean {
  const last = [...pending.values()].at(-1);
  last?.undo();
  return last !== undefined;
}

/**
 * Deletes a document when the time to take it back is over. A page that is closed before deletes nothing: what is lost
 * by that is a click, not a document.
 */
export function deleteWithUndo({ document, title }: DocumentInfo): void {
  if (pending.has(document)) return;
  const t = messages();
  const shownTitle = title || t.common.untitled;
  const settle = (): void => {
    clearTimeout(timer);
    pending.delete(document);
    tell();
  };
  const undo = (): void => {
    closeToast();
    settle();
    showToast({ text: t.documents.restored({ title: shownTitle }), lastsMs: SHORT_TOAST_MS });
  };
  const timer = setTimeout(() => {
    deleteEverywhere(document)
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        showToast({ text: t.documents.notDeleted({ title: shownTitle, reason }) });
      })
      .finally(settle);
  }, TOAST_MS);
  const closeToast = showToast({
    text: t.documents.deleted({ title: shownTitle }),
    action: { label: t.common.undo, run: undo },
  });
  pending.set(document, { undo });
  tell();
}

async function deleteEverywhere(document: string): Promise<void> {
  await deleteDocument(document).catch((error: unknown) => {
    // Somebody else was faster.
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  });
  forgetMarks(document);
  forgetTitle(document);
  // Where storage is forbidden there is no copy.
  await deleteCopy(SYNC_URL, document).catch(() => {});
}

function tell(): void {
  for (const listener of listeners) listener();
}
