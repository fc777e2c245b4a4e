import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { documentAt } from './address.ts';
import { unsavedAddresses } from './local-database.ts';
import type { ProviderOptions, Token } from './options.ts';
import { ScriptoriumProvider } from './provider.ts';

/** What the sending of what was left behind can be told. */
export interface OutboxOptions extends Pick<ProviderOptions, 'params' | 'WebSocket' | 'schema'> {
  /** The document that the page has open: its own provider sends what is left of it. */
  readonly except?: string;
  /** What the server knows the user by, for a document; what it does not take with it stays on this device. */
  readonly token?: string | ((document: string) => ReturnType<Extract<Token, () => unknown>>);
}

/** One tab of a browser does it. */
const LOCK = 'scriptorium outbox';
/** How long a document may take, in milliseconds, before the next one has its turn. */
const TURN_MS = 30_000;
/** How long until those that could not be sent are tried again, in milliseconds; at once when the network comes back. */
const AGAIN_MS = 60_000;

/**
 * Sends, in the background, what earlier visits left unsent on this device: all documents of this server, one at a time.
 * Without a connection it waits for one. What the server does not take stays here. Returns what stops it.
 */
export function sendUnsent(serverUrl: string, options: OutboxOptions = {}): () => void {
  const stopped = new AbortController();
  void alone(stopped.signal, () => sendAll(serverUrl, options, stopped.signal));
  return () => stopped.abort();
}

async function sendAll(serverUrl: string, options: OutboxOptions, stopped: AbortSignal): Promise<void> {
  for (;;) {
    const documents = await unsentDocuments(serverUrl);
    for (const document of documents) {
      if (stopped.aborted) return;
      if (document !== options.except) await send(serverUrl, document, options, stopped);
    }
    const left = (await unsentDocuments(serverUrl)).filter((document) => document !== options.except);
    if (left.length === 0 || stopped.aborted) return;
    const rest = pause(AGAIN_MS, stopped);
    globalThis.addEventListener?.('online', rest.end);
    await rest.over;
    globalThis.removeEventListener?.('online', rest.end);
  }
}

/** The documents of a server of which this device has changes that the server has not acknowledged. */
export async function unsentDocuments(serverUrl: string): Promise<string[]> {
  const addresses = await unsavedAddresses().catch(() => []);
  return addresses.map((address) => documentAt(serverUrl, address)).filter((document) => document !== undefined);
}

async function send(
  serverUrl: string,
  document: string,
  { token, params, WebSocket, schema }: OutboxOptions,
  stopped: AbortSignal,
): Promise<void> {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  // Nobody is there.
  awareness.setLocalState(null);
  const provider = new ScriptoriumProvider(serverUrl, document, doc, {
    offline: true,
    awareness,
    ...(params && { params }),
    ...(WebSocket && { WebSocket }),
    ...(schema !== undefined && { schema }),
    ...(token !== undefined && { token: typeof token === 'function' ? () => token(document) : token }),
  });
  const turn = pause(TURN_MS, stopped);
  // When the server wants nothing of it, it stays here.
  await Promise.race([provider.whenLoaded().then(() => provider.whenSaved()), turn.over]).catch(() => {});
  turn.end();
  provider.destroy();
  awareness.destroy();
  doc.destroy();
}

interface Pause {
  readonly over: Promise<void>;
  end(): void;
}

/** Some time that also ends when everything is stopped, or when somebody ends it. */
function pause(ms: number, stopped: AbortSignal): Pause {
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const timer = setTimeout(end, ms);
  stopped.addEventListener('abort', end);
  const cleaned = over.then(() => {
    clearTimeout(timer);
    stopped.removeEventListener('abort', end);
  });
  return { over: cleaned, end };
}

/** Where there are no locks (a page over plain HTTP), each tab does it: to send something twice does no harm. */
async function alone(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (locks === undefined) return work();
  await locks.request(LOCK, { signal }, work).catch(() => {}); // it was stopped
}
