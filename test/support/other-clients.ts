import { createYjsProvider, type YSweetProvider } from '@y-sweet/client';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import { WebsocketProvider as WebsocketProvider1 } from 'y-websocket-1';
import { WebsocketProvider as WebsocketProvider2 } from 'y-websocket-2';
import * as Y from 'yjs';
import { applyUpdate, encodeStateAsUpdate, encodeStateVector, YDoc } from 'ywasm';

export const Y_WEBSOCKET_VERSIONS = [1, 2, 3] as const;
export type YWebsocketVersion = (typeof Y_WEBSOCKET_VERSIONS)[number];

type Options = NonNullable<ConstructorParameters<typeof WebsocketProvider>[3]>;

const Providers = {
  1: WebsocketProvider1 as unknown as typeof WebsocketProvider,
  2: WebsocketProvider2 as unknown as typeof WebsocketProvider,
  3: WebsocketProvider,
};

const polyfill = WebSocket as unknown as typeof globalThis.WebSocket;

/** An unmodified `y-websocket` of a version. Without BroadcastChannel: two in one process would not need the server. */
export function yWebsocketClient(
  version: YWebsocketVersion,
  syncUrl: string,
  room: string,
  options: Options = {},
): WebsocketProvider {
  const doc = new Y.Doc();
  const all = { WebSocketPolyfill: polyfill, disableBc: true, maxBackoffTime: 200, ...options };
  const provider = new Providers[version](syncUrl, room, doc, all);
  onTestFinished(() => {
    provider.destroy();
    doc.destroy();
  });
  return provider;
}

/** An unmodified y-sweet provider; what its back end would give it is made here. */
export function ySweetClient(syncUrl: string, docId: string, token?: string): YSweetProvider {
  const doc = new Y.Doc();
  const clientToken = {
    url: syncUrl,
    baseUrl: syncUrl.replace('ws', 'http'),
    docId,
    authorization: 'full' as const,
    ...(token !== undefined && { token }),
  };
  const provider = createYjsProvider(doc, docId, async () => clientToken, {
    WebSocketPolyfill: polyfill,
    showDebuggerLink: false,
  });
  onTestFinished(() => {
    // It would connect again: its own `destroy` does not keep it from that.
    const { websocket } = provider as unknown as { websocket: WebSocket | null };
    provider.connect = async () => {};
    provider.destroy();
    websocket?.terminate();
    doc.destroy();
  });
  return provider;
}

/** As little of the `y-websocket` protocol as it takes to join with a document of Yrs, in WebAssembly. */
export class YrsClient {
  readonly doc = new YDoc({});
  synced = false;
  /** Kept: it observes as long as it is. */
  readonly observer: unknown;
  readonly #url: string;
  #isApplying = false;
  #socket: WebSocket | undefined;
  #ended = false;

  constructor(syncUrl: string, document: string) {
    this.#url = `${syncUrl}/${encodeURIComponent(document)}`;
    this.observer = this.doc.onUpdate((update: Uint8Array) => this.#isApplying || this.#say(2, update));
    this.#connect();
    onTestFinished(() => {
      this.#ended = true;
      this.#socket?.terminate();
    });
  }

  get text(): string {
    return this.doc.getText('').toString(undefined);
  }

  insert(index: number, text: string): void {
    this.doc.getText('').insert(index, text, undefined, undefined);
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('open', () => this.#say(0, encodeStateVector(this.doc)));
    socket.on('message', (data) => this.#hear(new Uint8Array(data as Buffer)));
    socket.on('close', () => {
      this.synced = false;
      if (!this.#ended) setTimeout(() => this.#connect(), 100);
    });
  }

  #hear(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    if (decoding.readVarUint(decoder) !== 0) return;
    const step = decoding.readVarUint(decoder);
    const body = decoding.readVarUint8Array(decoder).slice();
    if (step === 0) return this.#say(1, encodeStateAsUpdate(this.doc, body));
    this.#isApplying = true;
    applyUpdate(this.doc, body, undefined);
    this.#isApplying = false;
    if (step === 1) this.synced = true;
  }

  #say(step: number, body: Uint8Array): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, body);
    this.#socket.send(encoding.toUint8Array(encoder));
  }
}
