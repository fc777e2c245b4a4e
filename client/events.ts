import type { Access, DocumentEvent, Refusal } from '../protocol/index.ts';

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

/** How far the local changes are safe on the server. */
export interface SavedState {
  readonly saved: boolean;
  /** How many local changes are not known to be durable there. */
  readonly unsavedChanges: number;
  /** Why they are not, where the server said so: its store fails, or it does not take them. */
  readonly reason?: string;
}

/** What a provider tells its listeners. */
export interface ProviderEvents {
  status: (event: { readonly status: Status }) => void;
  /** Whether the server's document has arrived on this connection. */
  sync: (synced: boolean) => void;
  /** Whether every local change is durable on the server. */
  saved: (event: SavedState) => void;
  /** What this peer may do from now on: with the first connection, and whenever it changes. */
  access: (access: Access) => void;
  /** What happened to the document beside its content, such as `{type: 'title', title}`. */
  event: (event: DocumentEvent) => void;
  /** The server did not take something, and why. */
  refused: (refusal: Refusal) => void;
  /** The server told us to stop. */
  closed: (closed: Closed) => void;
}
