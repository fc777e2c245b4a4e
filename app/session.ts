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
  /** What the page shows the server. */
  readonly token: string | undefined;
  /** What one may do here at present. */
  readonly rights: Rights;
  facts(): SaveFacts;
  /** Calls `listener` after any change of title, connection or save state. Returns what stops it. */
  watch(listener: () => void): () => void;
}

/** What one may do with a document. */
export interface Rights {
  readonly mayWrite: boolean;
  /** May make links to it. */
  readonly mayShare: boolean;
}

const sessions = new Map<string, Session & { leave(): void }>();

/** Opens a document, or takes up again the one that was left a moment ago with changes on their way. */
export function openSession(info: DocumentInfo, token: string | undefined): Session {
  const key = JSON.stringify([info.document, token]);
  const open = sessions.get(key);
  if (open) return open;
  const session = createSession(info, token, () => sessions.delete(key));
  sessions.set(key, session);
  return session;
}

/**
 * The page is done with it. The connection stays until the server has acknowledged all changes: going back to the list
 * right after the last keystroke must not lose it.
 */
export function leaveSession(session: Session): void {
  for (const open of sessions.values()) if (open === session) open.leave();
}

function createSession(info: DocumentInfo, token: string | undefined, onEnd: () => void): Session & { leave(): void } {
  const listeners = new Set<() => void>();
  const provider = new ScriptoriumProvider('/sync', info.document, new Y.Doc(), token === undefined ? {} : { token });
  let refusal: string | undefined;
  /** The server wants nothing more of this page. */
  let closed = false;
  let wasOffline = false;
  /** Nobody looks at it any more. */
  let left = false;
  let ended = false;

  const rights = (): Rights => ({
    // Until the server has said anything else.
    mayWrite: !closed && ['write', 'admin'].includes(provider.access ?? 'write'),
    mayShare: !closed && provider.access === 'admin',
  });
  const facts = (): SaveFacts => ({
    // Between two attempts to come back it is offline as before; the words need not change with every attempt.
    status: provider.status === 'connecting' && wasOffline ? 'offline' : provider.status,
    saved: provider.saved && !title.pending,
    unsavedChanges: provider.unsavedChanges + Number(title.pending),
    refusal: refusal ?? provider.savedState.reason,
    isReader: !rights().mayWrite,
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
    (next) => renameDocument(info.document, next, token),
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
    getDocument(info.document, token).then(
      (current) => title.receive(current.title),
      () => {}, // the connection went again; the next sync asks again
    );
  });
  provider.on('access', () => {
    refusal = undefined;
    notify();
  });
  provider.on('event', (event) => {
    if (event.type === 'title' && typeof event['title'] === 'string') title.receive(event['title']);
  });
  provider.on('refused', ({ message, retry }) => {
    if (!retry) refusal = message;
    notify();
  });
  provider.on('closed', ({ reason }) => {
    closed = true;
    refusal ??= reason;
    notify();
  });

  return {
    provider,
    title,
    token,
    get rights() {
      return rights();
    },
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
