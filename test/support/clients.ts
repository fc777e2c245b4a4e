import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { type ProviderOptions, ScriptoriumProvider } from '../../client/node.ts';

/** A client of ours that comes back fast and does not outlive the test. */
export function ourClient(syncUrl: string, document: string, options: ProviderOptions = {}): ScriptoriumProvider {
  const doc = new Y.Doc();
  const provider = new ScriptoriumProvider(syncUrl, document, doc, { maxBackoffMs: 100, ...options });
  onTestFinished(() => doc.destroy());
  return provider;
}

/** An unmodified client of `y-websocket`. Without BroadcastChannel: two in one process would not need the server. */
export function stockClient(syncUrl: string, document: string, token?: string): WebsocketProvider {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(syncUrl, encodeURIComponent(document), doc, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    maxBackoffTime: 100,
    params: token === undefined ? {} : { token },
  });
  onTestFinished(() => {
    provider.destroy();
    doc.destroy();
  });
  return provider;
}

export const textOf = ({ doc }: { readonly doc: Y.Doc }): string => doc.getText().toString();

/** Writes at the end of the text. */
export function write({ doc }: { readonly doc: Y.Doc }, text: string): void {
  const body = doc.getText();
  body.insert(body.length, text);
}
