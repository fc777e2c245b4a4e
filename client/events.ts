import type { DocumentEvent, Refusal } from '../protocol/index.ts';

/**
 * How the provider stands with the server. `connecting`: on its way to the server's document; `synced`: has it, and
 * gets every change; `offline`: not connected, the next attempt comes by itself unless the provider was told to stop.
 */
export type Status = 'connecting' | 'synced' | 'offline';

/** Why the provider does not connect again by itself. */
export interface Closed {
  /** The WebSocket close code. */
  readonly code: number;
  readonly reason: string;
}

/** What a provider tells its listeners. */
export interface ProviderEvents {
  status: (event: { readonly status: Status }) => void;
  /** Whether the server's document has arrived on this connection. */
  sync: (synced: boolean) => void;
  /** Whether every local change is durable on the server, and how many are not. */
  saved: (event: { readonly saved: boolean; readonly unsavedChanges: number }) => void;
  /** What happened to the document beside its content, such as `{type: 'title', title}`. */
  event: (event: DocumentEvent) => void;
  /** The server did not take something, and why. */
  refused: (refusal: Refusal) => void;
  /** The server told us to stop. */
  closed: (closed: Closed) => void;
}
