import {
  type Closed,
  DOCUMENT_REPLACED,
  type SavedState,
  type ScriptoriumProvider,
  type Status,
} from '../client/index.ts';
import { type SaveMessages, saveMessagesIn } from './save-messages.ts';

/** What is known about where the changes of a page are. */
export interface SaveFacts extends Pick<SavedState, 'saved' | 'unsavedChanges' | 'kept'> {
  readonly status: Status;
  /** Why the server did not take something, or wants nothing more of this page. */
  readonly refusal?: string | undefined;
  /** Whether one may read here and not write. */
  readonly isReader?: boolean;
}

/** In words, with what kind of news it is. `unkept`: what was written is in this page only. */
export interface SaveState {
  readonly kind: 'connecting' | 'saving' | 'saved' | 'reading' | 'offline' | 'unkept' | 'refused';
  readonly text: string;
}

/**
 * The save state in words. "Saved" is a promise: it is said only when the server has acknowledged everything; "kept on
 * this device" only when everything that it has not is in the storage of this device.
 */
export function describeSave(facts: SaveFacts, messages: SaveMessages = saveMessagesIn('en')): SaveState {
  const { status, saved, unsavedChanges, kept, refusal, isReader } = facts;
  if (refusal !== undefined && !(saved && status === 'synced')) {
    return { kind: 'refused', text: saved ? messages.disconnected(refusal) : messages.notSaved(refusal) };
  }
  if (status === 'offline') {
    if (saved) return { kind: 'offline', text: messages.offlineSaved };
    if (kept) return { kind: 'offline', text: messages.offlineKept(unsavedChanges) };
    return { kind: 'unkept', text: messages.notSaved(messages.onlyInPage(unsavedChanges)) };
  }
  if (!saved) return { kind: 'saving', text: messages.saving };
  if (status === 'connecting') return { kind: 'connecting', text: messages.connecting };
  return isReader ? { kind: 'reading', text: messages.reading } : { kind: 'saved', text: messages.saved };
}

/**
 * The facts of a provider, as they are whenever they are asked for. Between two attempts to come back it counts as
 * offline: the words need not change with every attempt.
 */
export function watchSaveFacts(
  provider: ScriptoriumProvider,
  messages: SaveMessages = saveMessagesIn('en'),
): () => SaveFacts {
  let isBack = provider.status !== 'offline';
  return () => {
    const { status, savedState, closed } = provider;
    if (status !== 'connecting') isBack = status === 'synced';
    return {
      ...savedState,
      status: status === 'connecting' && !isBack ? 'offline' : status,
      refusal: closed ? shortReason(closed, messages) : savedState.reason,
    };
  };
}

/** Why a provider does not connect any more, as a sentence. */
export function describeClosed({ code, reason }: Closed, messages: SaveMessages): string {
  switch (code) {
    case 4401:
      return messages.notSignedIn;
    case 4403:
      return messages.noAccess;
    case 4404:
      return reason === DOCUMENT_REPLACED ? messages.replaced : messages.deleted;
    case 4413:
      return messages.tooLarge;
    default:
      return messages.stopped(reason);
  }
}

function shortReason({ code, reason }: Closed, { short }: SaveMessages): string {
  const reasons: Record<number, string> = {
    4401: short.notSignedIn,
    4403: short.noAccess,
    4404: short.deleted,
    4413: short.tooLarge,
  };
  return reasons[code] ?? reason;
}
