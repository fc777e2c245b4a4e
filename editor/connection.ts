import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../client/index.ts';
import type { EditorProvider } from './editor-options.ts';

/** A provider as the editor sees it, whoever made it. */
export interface EditorConnection {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** The provider, where it is ours and tells more. */
  readonly scriptorium: ScriptoriumProvider | undefined;
  /** Whether the document's content is in `doc`, from the server or from this device. */
  readonly synced: boolean;
  /** Whether the server takes what this person writes, as far as that is known. */
  readonly mayWrite: boolean;
  /** Whether somebody wrote with a newer schema. */
  readonly outdatedSchema: boolean;
  /** Listens to an event of the provider. Returns what stops it. */
  on(event: string, listener: (...args: never[]) => void): () => void;
  /** Calls `listener` when the document has arrived, each time. Returns what stops it. */
  onSynced(listener: () => void): () => void;
  /** Calls `listener` when `mayWrite` or `outdatedSchema` may have changed. Returns what stops it. */
  onRightsChanged(listener: () => void): () => void;
  /** Lets go of what was made here. */
  release(): void;
}

/** What providers have in common, before anything is known of this one. */
interface AnyProvider {
  readonly doc?: unknown;
  readonly document?: unknown;
  readonly awareness?: Awareness | null;
  readonly synced?: unknown;
  readonly isSynced?: unknown;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
}

/**
 * Takes `ScriptoriumProvider`, `y-websocket`'s `WebsocketProvider` (`doc`, `synced`, event `sync` with a boolean) and
 * Hocuspocus' `HocuspocusProvider` (`document`, `synced` or `isSynced`, event `synced` with `{state}`).
 * @throws TypeError when it is none of these, or its document was made by another copy of Yjs
 */
export function connectionOf(given: EditorProvider): EditorConnection {
  const provider = given as AnyProvider;
  if (typeof provider?.on !== 'function' || typeof provider.off !== 'function') {
    throw new TypeError('`provider` is not a Yjs provider: it has no `on` and `off`.');
  }
  const doc = provider.doc ?? provider.document;
  assertOurDoc(doc);
  const scriptorium = given instanceof ScriptoriumProvider ? given : undefined;
  // Hocuspocus' can be told to have none: then nobody else is seen.
  const awareness = provider.awareness ?? new Awareness(doc);
  const isSynced = (): boolean => provider.synced === true || provider.isSynced === true || scriptorium?.ready === true;
  const on: EditorConnection['on'] = (event, listener) => {
    provider.on(event, listener);
    return () => void provider.off(event, listener);
  };
  const onAny = (events: readonly string[], listener: () => void): (() => void) => {
    const stops = events.map((event) => on(event, listener));
    return () => {
      for (const stop of stops) stop();
    };
  };
  return {
    doc,
    awareness,
    scriptorium,
    get synced() {
      return isSynced();
    },
    get mayWrite() {
      const { access = 'write', closed } = scriptorium ?? {};
      return closed === undefined && (access === 'write' || access === 'admin');
    },
    get outdatedSchema() {
      return scriptorium?.outdatedSchema ?? false;
    },
    on,
    onSynced: (listener) =>
      onAny(['sync', 'synced', 'ready'], () => {
        if (isSynced()) listener();
      }),
    onRightsChanged: (listener) =>
      onAny(scriptorium ? ['access', 'status', 'closed', 'sync', 'event', 'refused'] : [], listener),
    release() {
      if (!provider.awareness) awareness.destroy();
    },
  };
}

/**
 * Yjs tells its types apart with `instanceof`: a document of another copy looks empty, or breaks somewhere far away.
 * @throws TypeError when it is no `Y.Doc` of the copy that the editor uses
 */
function assertOurDoc(doc: unknown): asserts doc is Y.Doc {
  if (doc instanceof Y.Doc) return;
  const isForeign = typeof doc === 'object' && doc !== null && 'getXmlFragment' in doc;
  if (!isForeign) throw new TypeError('`provider` is not a Yjs provider: it has neither `doc` nor `document`.');
  throw new TypeError(
    'There are two copies of Yjs: the document of `provider` was made by another one than the editor uses. ' +
      "Load it once: `npm ls yjs` must show one version, and a bundler must not split it (Vite: `resolve.dedupe: ['yjs']`; " +
      'webpack: `resolve.alias.yjs`). With the standalone bundle, use its `Scriptorium.Y`.',
  );
}
