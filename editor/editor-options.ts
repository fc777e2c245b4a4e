import type { Editor } from '@tiptap/core';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import type { ScriptoriumProvider } from '../client/index.ts';
import type { EditorUser } from './user.ts';

/** What the editor needs of a provider. `ScriptoriumProvider` and `y-websocket`'s `WebsocketProvider` have it. */
export interface EditorProvider {
  readonly doc: Doc;
  readonly awareness: Awareness;
  /** Whether the content that the server has is in `doc`. */
  readonly synced: boolean;
  on(event: 'sync', listener: (synced: boolean) => void): unknown;
  off(event: 'sync', listener: (synced: boolean) => void): unknown;
}

/** What is the same for every way to reach a document. */
export interface EditorOptions {
  /** Who is writing: name and colour of the caret that the others see. */
  readonly user: EditorUser;
  /** Whether the person may write once the document is there. Default: true. */
  readonly editable?: boolean;
  /** Whether to show the toolbar. Default: true. */
  readonly toolbar?: boolean;
  /** What an empty document shows. Default: `Start writing…`. */
  readonly placeholder?: string;
  /** The name of the text field for assistive technology. Default: `Document`. */
  readonly label?: string;
}

/** The editor makes its own connection, and ends it when it is destroyed. */
export interface ServerOptions extends EditorOptions {
  /** The document's name on the server. */
  readonly document: string;
  /** Where the server synchronises: `wss://host/sync`, or a path on the page's own host. Default: `/sync`. */
  readonly url?: string;
  /** What proves who is writing; a function is asked again for each connection. */
  readonly token?: string | (() => string | Promise<string>);
}

/** The editor uses a connection that somebody else made, and leaves it open when it is destroyed. */
export interface ProviderOptions<P extends EditorProvider> extends EditorOptions {
  readonly provider: P;
}

/** A running editor. */
export interface EditorHandle<P extends EditorProvider = ScriptoriumProvider> {
  /** The Tiptap editor, for commands and events of its own. */
  readonly editor: Editor;
  readonly provider: P;
  readonly doc: Doc;
  /** Changes name and colour; the others see it at once. */
  setUser(user: EditorUser): void;
  /** Allows or forbids writing. Nothing can be written before the first sync, whatever is said here. */
  setEditable(editable: boolean): void;
  /** Ends it and leaves nothing behind: no socket of its own, listener, awareness state or element. May be called twice. */
  destroy(): void;
}
