import { Editor } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../client/index.ts';
import { carets } from './carets.ts';
import type { EditorHandle, EditorProvider, ProviderOptions, ServerOptions } from './editor-options.ts';
import { editorExtensions } from './extensions.ts';
import { openLinkOnModifiedClick } from './open-link.ts';
import { placeholder } from './placeholder.ts';
import { announceUser } from './presence.ts';
import { syncGate } from './sync-gate.ts';
import { createToolbar } from './toolbar.ts';

/**
 * Shows a shared document in `element` and lets the person write in it. Writing is possible from the first sync on:
 * until then the content is unknown, and whatever were written would end up beside it.
 *
 * The text is in the document's XML fragment `default`, as Tiptap has it.
 * @throws TypeError when neither a document nor a provider is given
 */
export function createEditor(element: HTMLElement, options: ServerOptions): EditorHandle;
export function createEditor<P extends EditorProvider>(
  element: HTMLElement,
  options: ProviderOptions<P>,
): EditorHandle<P>;
export function createEditor(
  element: HTMLElement,
  options: ServerOptions | ProviderOptions<EditorProvider>,
): EditorHandle<EditorProvider> {
  if ('provider' in options) return bindEditor(element, options, options.provider);
  if (!options.document) throw new TypeError('createEditor needs a `document`, or a `provider` that has one.');
  const { document, url = '/sync', token } = options;
  const provider = new ScriptoriumProvider(url, document, new Y.Doc(), token === undefined ? {} : { token });
  const handle = bindEditor(element, options, provider);
  return {
    ...handle,
    destroy() {
      handle.destroy();
      provider.destroy();
      provider.doc.destroy();
    },
  };
}

function bindEditor<P extends EditorProvider>(
  element: HTMLElement,
  options: Omit<ProviderOptions<P>, 'provider'>,
  provider: P,
): EditorHandle<P> {
  const { doc, awareness } = provider;
  let editable = options.editable ?? true;
  let hasSynced = provider.synced;

  const root = element.ownerDocument.createElement('div');
  root.className = 'scriptorium';
  const content = element.ownerDocument.createElement('div');
  content.className = 'scriptorium-content';
  root.append(content);
  element.append(root);

  const presence = announceUser(awareness, options.user);
  const editor = new Editor({
    element: content,
    editable: editable && hasSynced,
    // A page with a strict content security policy refuses injected styles; they are in styles.css.
    injectCSS: false,
    extensions: [
      ...editorExtensions(),
      Collaboration.configure({ document: doc }),
      carets(awareness),
      syncGate(() => hasSynced),
      placeholder(options.placeholder ?? 'Start writing…'),
    ],
    editorProps: {
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': options.label ?? 'Document' },
      handleClick: openLinkOnModifiedClick,
    },
  });
  const toolbar = options.toolbar === false ? undefined : createToolbar(editor);
  if (toolbar) root.prepend(toolbar.element);

  const update = (): void => {
    root.toggleAttribute('data-loading', !hasSynced);
    content.setAttribute('aria-busy', String(!hasSynced));
    if (editor.isEditable !== (editable && hasSynced)) editor.setEditable(editable && hasSynced);
  };
  const onSync = (synced: boolean): void => {
    // Once is enough: what is written while disconnected is merged when the connection is back.
    if (!synced || hasSynced) return;
    hasSynced = true;
    update();
  };
  update();
  provider.on('sync', onSync);

  return {
    editor,
    provider,
    doc,
    setUser: presence.setUser,
    setEditable(next) {
      editable = next;
      update();
    },
    destroy() {
      if (editor.isDestroyed) return;
      provider.off('sync', onSync);
      toolbar?.destroy();
      editor.destroy();
      presence.destroy();
      root.remove();
    },
  };
}
