// The page of somebody who uses the client alone: bundled by local-copy.test.ts, run in the browser.
import * as Y from 'yjs';
import { deleteCopy, hasCopy, ScriptoriumProvider, sendUnsent, unsentDocuments } from '../../client/index.ts';

const client = {
  /** Opens a document; `provider` and `text()` are of the one opened last. */
  open(document: string): void {
    client.provider = new ScriptoriumProvider('/sync', document, new Y.Doc(), { offline: true, maxBackoffMs: 300 });
  },
  provider: undefined as unknown as ScriptoriumProvider,
  text: (): string => client.provider.doc.getText('text').toString(),
  write: (text: string): void => {
    const shared = client.provider.doc.getText('text');
    shared.insert(shared.length, text);
  },
  state: () => ({ ...client.provider.savedState, status: client.provider.status, ready: client.provider.ready }),
  hasCopy: (document: string) => hasCopy('/sync', document),
  deleteCopy: (document: string) => deleteCopy('/sync', document),
  unsent: () => unsentDocuments('/sync'),
  sendUnsent: () => sendUnsent('/sync'),
};

declare global {
  interface Window {
    client: typeof client;
  }
}

window.client = client;
