import type { Editor, Extensions } from '@tiptap/core';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import type { ScriptoriumProvider, Token } from '../client/index.ts';
import type { Command } from './commands/command.ts';
import type { EditorEvents } from './editor-events.ts';
import type { TextFormat } from './exchange/formats.ts';
import type { Upload } from './media/file-service.ts';
import type { MentionedPerson } from './mentioned-person.ts';
import type { EditorTranslation } from './messages/index.ts';
import type { EditorUser } from './user.ts';

/** `y-websocket`'s `WebsocketProvider`, `ScriptoriumProvider`, and what is made like them. */
export interface DocProvider {
  readonly doc: Doc;
  readonly awareness: Awareness;
  /** Whether the content that the server has is in `doc`; told by the event `sync`. */
  readonly synced: boolean;
  on(event: 'sync', listener: (synced: boolean) => void): unknown;
  off(event: 'sync', listener: (synced: boolean) => void): unknown;
}

/** Hocuspocus' `HocuspocusProvider`, and what is made like it. */
export interface DocumentProvider {
  readonly document: Doc;
  readonly awareness: Awareness | null;
  /** Whether the content that the server has is in `document`; told by the event `synced`. */
  readonly synced: boolean;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
}

/** A connection that somebody else made. */
export type EditorProvider = DocProvider | DocumentProvider;

/** What is the same for every way to reach a document. */
export interface EditorOptions {
  /** Who is writing: name and colour of the caret that the others see. Default: nobody in particular, in grey. */
  readonly user?: EditorUser;
  /** Whether the person may write once the document is there. Default: true. */
  readonly editable?: boolean;
  /** Tiptap extensions beside the built-in ones. With nodes, marks or attributes of your own set `schemaVersion` too. */
  readonly extensions?: Extensions;
  /** Whether to show the toolbar. Default: true. */
  readonly toolbar?: boolean;
  /** Which menus there are beside the toolbar; false: none. Default: all. */
  readonly menus?: false | MenuOptions;
  /** Commands of your own, which the menus show beside the built-in ones; one with the name of a built-in one replaces it. */
  readonly commands?: readonly Command[];
  /**
   * Who can be mentioned, beside those who are here: asked with what was typed behind the `@`, the best first. What they
   * are in the document is `id`, for you to know them by, and the name of the time.
   */
  readonly mentions?: (query: string) => Promise<readonly MentionedPerson[]>;
  /** Whether to say beside the toolbar what is saved. Default: true; for a provider that is not ours there is none. */
  readonly saveState?: boolean;
  /** `light`, `dark`, or as the system or the page around has it: `auto`, the default. */
  readonly theme?: Theme;
  /**
   * The language of what the editor says, as a BCP 47 tag; those that it speaks are `languages.tags`. Others than English
   * are loaded, and what is said appears when they are here. Default: `en`.
   */
  readonly locale?: string;
  /** Texts that go before those of the language. With a `locale` that the editor does not speak they make one of it. */
  readonly messages?: EditorTranslation;
  /** What an empty document shows. Default: `Start writing…` in the language of `locale`. */
  readonly placeholder?: string;
  /** The name of the text field for assistive technology. Default: `Document` in the language of `locale`. */
  readonly label?: string;
  /**
   * Stores an image that was pasted, dropped or chosen, and says where it is. Default: the server of the document, for
   * a `ScriptoriumProvider`; else images cannot be put in.
   */
  readonly upload?: Upload;
  /**
   * Whether images that are on other servers are fetched and shown; these then learn who reads when. Default: only with
   * an `upload` of your own. Without, there is a link in their place.
   */
  readonly remoteImages?: boolean;
  /** What to call when something happens; the same as `handle.on`. */
  readonly on?: Partial<EditorEvents>;
}

/** The menus beside the toolbar. Each is there unless it is false. */
export interface MenuOptions {
  /** The bar at a selection of text. */
  readonly bubble?: boolean;
  /** The menu that a slash opens. */
  readonly slash?: boolean;
  /** The handle beside a block, and its menu. */
  readonly blocks?: boolean;
  /** The buttons at a table, and the menus of its rows and columns. */
  readonly tables?: boolean;
  /** The palette of all commands, and the list of shortcuts. */
  readonly palette?: boolean;
  /**
   * The address that "copy link to block" copies. It has to end with `#block-` and the `id`: the editor goes to that block
   * by itself. Default: the address of the page, with that at its end.
   */
  readonly blockUrl?: (id: string) => string;
}

export type Theme = 'light' | 'dark' | 'auto';

/** The editor makes its own connection, and ends it when it is destroyed. */
export interface ServerOptions extends EditorOptions {
  /** The document's name on the server. */
  readonly document: string;
  /** Where the server synchronises: `wss://host/sync`, or a path on the page's own host. Default: `/sync`. */
  readonly url?: string;
  /** What proves who is writing; a function is asked again for each connection. */
  readonly token?: Token;
  /**
   * Whether this device keeps a copy: the document opens at once, can be written in without the network, and what the
   * server has not acknowledged outlives the page. Default: true.
   */
  readonly offline?: boolean;
  /**
   * Which schema this editor has, a whole number that grows when nodes, marks or attributes are added. The server takes
   * no edits from a schema that is older than the newest that has written. Default: that of the built-in extensions.
   */
  readonly schemaVersion?: number;
}

/** The editor uses a connection that somebody else made, and leaves it open when it is destroyed. */
export interface ProviderOptions<P extends EditorProvider> extends EditorOptions {
  readonly provider: P;
}

/** A running editor. */
export interface EditorHandle<P extends EditorProvider = ScriptoriumProvider> {
  /**
   * The Tiptap editor, for commands and events of its own. It edits a copy of the document that gets the changes of
   * others once a frame.
   */
  readonly editor: Editor;
  readonly provider: P;
  /** The shared document. */
  readonly doc: Doc;
  /** Who is here: the provider's awareness. */
  readonly awareness: Awareness;
  /** Whether the content is here and may be written in. */
  readonly writable: boolean;
  /** Changes name and colour; the others see it at once. */
  setUser(user: EditorUser): void;
  /** Allows or forbids writing. Nothing can be written before the first sync, whatever is said here. */
  setEditable(editable: boolean): void;
  setTheme(theme: Theme): void;
  /**
   * The document as a text. Markdown is CommonMark with GitHub's tables, task lists, alerts, formulas and `<details>`; it
   * has no colours, alignment or sizes. HTML is a page of its own with the images in it, named `title`.
   */
  exportAs(format: TextFormat, options?: { readonly title?: string }): Promise<string>;
  /**
   * Puts a text into the document as what is pasted: in place of the empty line of a new document, else at the caret.
   * Nothing happens where nobody may write.
   */
  importFrom(format: TextFormat, text: string): Promise<void>;
  on<E extends keyof EditorEvents>(event: E, listener: EditorEvents[E]): void;
  off<E extends keyof EditorEvents>(event: E, listener: EditorEvents[E]): void;
  /** Ends it and leaves nothing behind: no socket of its own, listener, awareness state or element. May be called twice. */
  destroy(): void;
}
