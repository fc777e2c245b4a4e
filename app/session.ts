import * as Y from 'yjs';
import { ScriptoriumProvider } from '../client/index.ts';
import { type DocumentInfo, getDocument, renameDocument } from './api.ts';
import type { SaveFacts } from './save-state.ts';
import { createTitleDraft, type TitleDraft } from './title-draft.ts';
import { guardUnsaved } from './unsaved.ts';

/** An open document: its connection and its title. */
export interface Session {
  readonly provider: ScriptoriumProvider;
  readonly title: TitleDraft;
  facts(): SaveFacts;
  /** Calls `listener` after any change of title, connection or save state. Returns what stops it. */
  watch(listener: () => void): () => void;
}

const sessions = new Map<string, Session & { leave(): void }>();

/** Opens a document, or takes up again the one that was left a moment ago with changes on their way. */
export function openSession(info: DocumentInfo): Session {
  const open = sessions.get(info.document);
  if (open) return open;
  const session = createSession(info, () => sessions.delete(info.document));
  sessions.set(info.document, session);
  return session;
}

/**
 * The page is done with it. The connection stays until the server has acknowledged all changes: going back to the list
 * right after the last keystroke must not lose it.
 */
export function leaveSession(session: Session): void {
  for (const open of sessions.values()) if (open === session) open.leave();
}

function createSession(info: DocumentInfo, onEnd: () => void): Session & { leave(): void } {
  const listeners = new Set<() => void>();
  const provider = new ScriptoriumProvider('/sync', info.document, new Y.Doc());
  let refusal: string | undefined;
  let wasOffline = false;
  /** Nobody looks at it any more. */
  let left = false;
  let ended = false;

  const facts = (): SaveFacts => ({
    // Between two attempts to come back it is offline as before; the words need not change with every attempt.
    status: provider.status === 'connecting' && wasOffline ? 'offline' : provider.status,
    saved: provider.saved && !title.pending,
    unsavedChanges: provider.unsavedChanges + Number(title.pending),
    refusal: refusal ?? provider.savedState.reason,
  });
  const endWhenSaved = (): void => {
    if (!left || ended || !facts().saved) return;
    ended = true;
    title.destroy();
    provider.destroy();
    provider.doc.destroy();
    unguard();
    onEnd();
  };
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const title = createTitleDraft(
    info.title,
    (next) => renameDocument(info.document, next),
    () => {
      notify();
      endWhenSaved();
    },
  );
  const unguard = guardUnsaved(() => !facts().saved);

  provider.on('status', ({ status }) => {
    if (status !== 'connecting') wasOffline = status === 'offline';
    notify();
  });
  provider.on('saved', () => {
    notify();
    endWhenSaved();
  });
  provider.on('sync', (synced) => {
    if (!synced) return;
    refusal = undefined; // what is still refused will be so again
    title.flush();
    // Events are for those who listen: a title that changed while this page was offline has to be asked for.
    getDocument(info.document).then(
      (current) => title.receive(current.title),
      () => {}, // the connection went again; the next sync asks again
    );
  });
  provider.on('event', (event) => {
    if (event.type === 'title' && typeof event['title'] === 'string') title.receive(event['title']);
  });
  provider.on('refused', ({ message, retry }) => {
    if (!retry) refusal = message;
    notify();
  });
  provider.on('closed', ({ reason }) => {
    refusal ??= reason;
    notify();
  });

  return {
    provider,
    title,
    facts,
    watch(listener) {
      left = false;
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    leave() {
      left = true;
      title.flush();
      endWhenSaved();
    },
  };
}
