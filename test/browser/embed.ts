// The page of somebody who embeds the editor: bundled by embed-page.ts, run in the browser.

import { HocuspocusProvider } from '@hocuspocus/provider';
import { type Editor, Extension, Mark, Node } from '@tiptap/core';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import '../../editor/styles.css';
import { ScriptoriumProvider } from '../../client/index.ts';
import {
  createEditor,
  type EditorHandle,
  type EditorOptions,
  type EditorProvider,
  SCHEMA_VERSION,
} from '../../editor/index.ts';
import '../../editor/element.ts';
import * as tools from '../../editor/tools/index.ts';
import * as apart from './edit-apart.ts';
import * as moves from './edit-moves.ts';
import { editStructure } from './edit-structure.ts';
import { blocksToCompare, editTogether } from './edit-together.ts';
import { watchCells, watchChange } from './watch-changes.ts';

declare global {
  interface Window {
    /** Makes an editor with a connection of its own. */
    embed: (document: string, user: string, options?: EditorOptions) => EditorHandle;
    /** Makes one on a connection that is there already. */
    embedWith: (provider: EditorHandle['provider'], user: string) => EditorHandle;
    /** Makes one that knows more than the built-in schema: a node, a mark, and an attribute of paragraphs. */
    embedNewer: (document: string, user: string, schemaVersion?: number) => EditorHandle;
    /** Connects without an editor, to a document that has something in it already. */
    connectWith: (document: string, content: Uint8Array) => ScriptoriumProvider;
    /** Puts an editor on a provider of others. */
    embedOn: (provider: EditorProvider, user: string) => EditorHandle<EditorProvider>;
    WebsocketProvider: typeof WebsocketProvider;
    HocuspocusProvider: typeof HocuspocusProvider;
    blocksToCompare: typeof blocksToCompare;
    editTogether: typeof editTogether;
    editStructure: typeof editStructure;
    watchCells: typeof watchCells;
    watchChange: typeof watchChange;
    moves: typeof moves;
    apart: typeof apart;
    tools: typeof tools;
    /** The editor that a test works with. */
    handle: EditorHandle;
    editor: Editor;
    Y: typeof Y;
  }
}

const color = '#15854a';

const newer = [
  Node.create({
    name: 'verse',
    group: 'block',
    content: 'block+',
    parseHTML: () => [{ tag: 'aside' }],
    renderHTML: () => ['aside', 0],
  }),
  Mark.create({
    name: 'comment',
    addAttributes: () => ({ id: { default: null } }),
    parseHTML: () => [{ tag: 'q' }],
    renderHTML: () => ['q', 0],
  }),
  Extension.create({
    name: 'indent',
    addGlobalAttributes: () => [{ types: ['paragraph'], attributes: { indent: { default: null } } }],
  }),
];

function place(): HTMLElement {
  const element = document.createElement('div');
  document.body.append(element);
  return element;
}

window.Y = Y;
window.blocksToCompare = blocksToCompare;
window.editTogether = editTogether;
window.editStructure = editStructure;
window.watchCells = watchCells;
window.watchChange = watchChange;
window.moves = moves;
window.apart = apart;
window.tools = tools;
window.embed = (name, user, options = {}) => {
  window.handle = createEditor(place(), { document: name, url: '/sync', user: { name: user, color }, ...options });
  window.editor = window.handle.editor;
  return window.handle;
};
window.embedWith = (provider, user) => {
  window.handle = createEditor(place(), { provider, user: { name: user, color } });
  window.editor = window.handle.editor;
  return window.handle;
};
window.WebsocketProvider = WebsocketProvider;
window.HocuspocusProvider = HocuspocusProvider;
window.embedOn = (provider, user) => {
  const handle = createEditor(place(), { provider, user: { name: user, color } });
  window.editor = handle.editor;
  return handle;
};
window.embedNewer = (document, user, schemaVersion = SCHEMA_VERSION) =>
  window.embed(document, user, { extensions: newer, schemaVersion } as EditorOptions);
window.connectWith = (name, content) => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, content);
  return new ScriptoriumProvider('/sync', name, doc);
};
