import * as Y from 'yjs';
import { ScriptoriumProvider, sendUnsent } from '../client/index.ts';
import { type SaveFacts, watchSaveFacts } from '../editor/save-state.ts';
import { SCHEMA_VERSION } from '../editor/schema/version.ts';
import { getDocument, renameDocument } from './api.ts';
import { documentsWithDraft, type KnownTitle, keepTitle, readTitle } from './known-titles.ts';
import { language } from './language.ts';
import { ownToken } from './own-token.ts';
import { SYNC_URL } from './sync-url.ts';
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
export function openSession(document: string, title: KnownTitle, token: string | undefined): Session {
  const key = JSON.stringify([document, token]);
  const open = sessions.get(key);
  if (open) return open;
  const session = createSession(document, title, token, () => sessions.delete(key));
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

function createSession(
  document: string,
  known: KnownTitle,
  token: string | undefined,
  onEnd: () => void,
): Session & { leave(): void } {
  const listeners = new Set<() => void>();
  const provider = new ScriptoriumProvider(SYNC_URL, document, new Y.Doc(), {
    offline: true,
    schema: SCHEMA_VERSION,
    ...(token !== undefined && { token }),
  });
  const saveFacts = watchSaveFacts(provider, language().editor);
  let refusal: string | undefined;
  let isTitleKept = false;
  /** Nobody looks at it any more. */
  let left = false;
  let ended = false;

  const rights = (): Rights => ({
    // Until the server has said anything else.
    mayWrite: provider.closed === undefined && ['write', 'admin'].includes(provider.access ?? 'write'),
    mayShare: provider.closed === undefined && provider.access === 'admin',
  });
  const facts = (): SaveFacts => {
    const content = saveFacts();
    const { pending } = title;
    return {
      ...content,
      saved: content.saved && !pending,
      kept: content.kept && (!pending || isTitleKept),
      unsavedChanges: content.unsavedChanges + Number(pending),
      refusal: content.refusal ?? refusal,
      isReader: !rights().mayWrite,
    };
  };
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
    known,
    (next) => renameDocument(document, next, token),
    () => {
      const draft = title.pending ? title.value : undefined;
      isTitleKept = keepTitle(document, { title: title.stored, draft });
      notify();
      endWhenSaved();
    },
  );
  const unguard = guardUnsaved(() => !facts().kept);
  isTitleKept = keepTitle(document, known);

  provider.on('status', notify);
  provider.on('saved', () => {
    notify();
    endWhenSaved();
  });
  provider.on('sync', (synced) => {
    if (!synced) return;
    refusal = undefined; // what is still refused will be so again
    title.flush();
    // Events are for those who listen: a title that changed while this page was offline has to be asked for.
    getDocument(document, token).then(
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
  provider.on('closed', notify);

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

function isOpen(document: string): boolean {
  return [...sessions.values()].some(({ provider }) => provider.document === document);
}

/** Sends, in the background, what earlier visits left unsent: the content and the titles of documents. */
export function sendLeftovers(): void {
  const token = ownToken();
  sendUnsent(SYNC_URL, { schema: SCHEMA_VERSION, ...(token !== undefined && { token }) });
  for (const document of documentsWithDraft()) {
    const known = readTitle(document);
    if (known?.draft === undefined || isOpen(document)) continue;
    const { draft } = known;
    renameDocument(document, draft, token).then(
      () => keepTitle(document, { title: draft }),
      () => {}, // it stays for the next visit
    );
  }
}
