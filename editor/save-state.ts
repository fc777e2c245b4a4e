import {
  type Closed,
  DOCUMENT_REPLACED,
  type SavedState,
  type ScriptoriumProvider,
  type Status,
} from '../client/index.ts';
import type { Messages } from './messages/index.ts';

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
export function describeSave(facts: SaveFacts, { save }: Messages): SaveState {
  const { status, saved, unsavedChanges, kept, refusal, isReader } = facts;
  if (refusal !== undefined && !(saved && status === 'synced')) {
    return {
      kind: 'refused',
      text: saved ? save.disconnected({ reason: refusal }) : save.notSaved({ reason: refusal }),
    };
  }
  if (status === 'offline') {
    if (saved) return { kind: 'offline', text: save.offlineSaved };
    if (kept) return { kind: 'offline', text: save.offlineKept({ count: unsavedChanges }) };
    return { kind: 'unkept', text: save.notSaved({ reason: save.onlyInPage({ count: unsavedChanges }) }) };
  }
  if (!saved) return { kind: 'saving', text: save.saving };
  if (status === 'connecting') return { kind: 'connecting', text: save.connecting };
  return isReader ? { kind: 'reading', text: save.reading } : { kind: 'saved', text: save.saved };
}

/**
 * The facts of a provider, as they are whenever they are asked for. Between two attempts to come back it counts as
 * offline: the words need not change with every attempt.
 */
export function watchSaveFacts(provider: ScriptoriumProvider, messages: Messages): () => SaveFacts {
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
export function describeClosed({ code, reason }: Closed, { banner }: Messages): string {
  switch (code) {
    case 4401:
      return banner.notSignedIn;
    case 4403:
      return banner.noAccess;
    case 4404:
      return reason === DOCUMENT_REPLACED ? banner.replaced : banner.deleted;
    case 4413:
      return banner.tooLarge;
    default:
      return banner.stopped({ reason });
  }
}

function shortReason({ code, reason }: Closed, { save }: Messages): string {
  const reasons: Record<number, string> = {
    4401: save.notSignedIn,
    4403: save.noAccess,
    4404: save.deleted,
    4413: save.tooLarge,
  };
  return reasons[code] ?? reason;
}
