import { WebSocket } from 'ws';
import type { Doc } from 'yjs';
import type { WebSocketConstructor } from './connection.ts';
import type { ProviderOptions } from './options.ts';
import { ScriptoriumProvider as PlatformProvider } from './provider.ts';

export * from './index.ts';

/** The provider with the WebSocket of `ws`, as Node has none of its own before version 22. */
export class ScriptoriumProvider extends PlatformProvider {
  constructor(serverUrl: string, document: string, doc: Doc, options: ProviderOptions = {}) {
    super(serverUrl, document, doc, { WebSocket: WebSocket as unknown as WebSocketConstructor, ...options });
  }
}
