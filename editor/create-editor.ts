import * as Y from 'yjs';
import { ScriptoriumProvider, sendUnsent } from '../client/index.ts';
import { bindEditor } from './bind-editor.ts';
import type { EditorHandle, EditorProvider, ProviderOptions, ServerOptions } from './editor-options.ts';
import { SCHEMA_VERSION } from './schema/version.ts';

/**
 * Shows a shared document in `element` and lets the person write in it. Writing is possible once its content is here,
 * from this device or from the server: until then the content is unknown, and whatever were written would end up beside it. A document with something that
 * the editor's schema does not know is shown for reading and never changed.
 *
 * The text is in the document's XML fragment `default`, as Tiptap has it.
 * @throws TypeError when neither a document nor a provider is given, the provider is none, or there are two copies of Yjs
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
  if ('provider' in options) return bindEditor(element, options, options.provider, () => {});
  if (!options.document) throw new TypeError('createEditor needs a `document`, or a `provider` that has one.');
  const { document, url = '/sync', token, schemaVersion = SCHEMA_VERSION, offline = true } = options;
  const provider = new ScriptoriumProvider(url, document, new Y.Doc(), {
    schema: schemaVersion,
    offline,
    ...(token !== undefined && { token }),
    connect: false,
  });
  let stopSending: (() => void) | undefined;
  let released = false;
  // At the next turn: React's StrictMode makes an editor and destroys it before it makes the one that stays.
  queueMicrotask(() => {
    if (released) return;
    provider.connect();
    // What earlier visits left of other documents is sent as well.
    if (offline) {
      stopSending = sendUnsent(url, {
        except: document,
        schema: schemaVersion,
        ...(token !== undefined && { token }),
      });
    }
  });
  const release = (): void => {
    released = true;
    stopSending?.();
    provider.destroy();
    provider.doc.destroy();
  };
  try {
    return bindEditor(element, options, provider, release);
  } catch (error) {
    release();
    throw error;
  }
}
