import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as version2 from 'hocuspocus-provider-2';
import * as version3 from 'hocuspocus-provider-3';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

/** The versions of Hocuspocus' provider: the last of each. */
export const HOCUSPOCUS_VERSIONS = [2, 3, 4] as const;
export type HocuspocusVersion = (typeof HOCUSPOCUS_VERSIONS)[number];

/** What the providers of all versions have in common; theirs differ in nothing that is used here. */
export type Provider = HocuspocusProvider;
export type ProviderSocket = HocuspocusProviderWebsocket;
type ProviderOptions = Partial<ConstructorParameters<typeof HocuspocusProvider>[0]>;

const PACKAGES = {
  2: version2 as unknown as { HocuspocusProvider: typeof HocuspocusProvider } & {
    HocuspocusProviderWebsocket: typeof HocuspocusProviderWebsocket;
  },
  3: version3 as unknown as { HocuspocusProvider: typeof HocuspocusProvider } & {
    HocuspocusProviderWebsocket: typeof HocuspocusProviderWebsocket;
  },
  4: { HocuspocusProvider, HocuspocusProviderWebsocket },
};

/** A socket for many documents, unmodified, which comes back fast and does not outlive the test. */
export function hocuspocusSocket(httpUrl: string, version: HocuspocusVersion = 4): ProviderSocket {
  const socket = new PACKAGES[version].HocuspocusProviderWebsocket({
    url: `${httpUrl.replace('http', 'ws')}/hocuspocus`,
    WebSocketPolyfill: WebSocket,
    delay: 100,
    minDelay: 50,
    maxDelay: 200,
  });
  onTestFinished(() => {
    // Version 2 closes what is still connecting, which `ws` says by an error.
    socket.webSocket?.addEventListener('error', () => {});
    socket.destroy();
  });
  return socket;
}

/** A document on such a socket. */
export function hocuspocusProvider(
  websocketProvider: ProviderSocket,
  name: string,
  options: ProviderOptions = {},
  version: HocuspocusVersion = 4,
): Provider {
  // Without BroadcastChannel, which version 2 has: two in one process would not need the server.
  const all = { websocketProvider, name, document: new Y.Doc(), broadcast: false, ...options };
  const provider = new PACKAGES[version].HocuspocusProvider(all as ConstructorParameters<typeof HocuspocusProvider>[0]);
  provider.attach?.(); // version 2 does it by itself
  onTestFinished(() => provider.destroy());
  return provider;
}

/** An unmodified client with one document on a socket of its own. */
export function hocuspocusClient(
  httpUrl: string,
  name: string,
  options: ProviderOptions = {},
  version: HocuspocusVersion = 4,
): Provider {
  return hocuspocusProvider(hocuspocusSocket(httpUrl, version), name, options, version);
}
