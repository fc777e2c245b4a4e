import type { Access, DocumentEvent, Refusal } from '../protocol/index.ts';
import type { DeviceTrouble } from './local-copy.ts';

/**
 * How the provider stands with the server. `connecting`: on its way to the server's document; `synced`: has it, and
 * gets every change; `offline`: not connected, the next attempt comes by itself unless the provider was told to stop.
 */
export type Status = 'connecting' | 'synced' | 'offline';

/** Why the provider does not connect again by itself. */
export interface Closed {
  /** The WebSocket close code; 4404 with `document-replaced` is the provider's own, see {@link DOCUMENT_REPLACED}. */
  readonly code: number;
  readonly reason: string;
}

/**
 * The reason with which a provider stops by itself: the server has a document of that name which has nothing in common
 * with this one. The one that this is was deleted; to send it would bring it back.
 */
export const DOCUMENT_REPLACED = 'document-replaced';

/** How far the local changes are safe on the server. */
export interface SavedState {
  readonly saved: boolean;
  /** How many local changes are not known to be durable there. */
  readonly unsavedChanges: number;
  /** Why they are not, where the server said so: its store fails, or it does not take them. */
  readonly reason?: string;
  /** Whether all of them are in the storage of this device, so that the page can be closed. */
  readonly kept: boolean;
  /** Why this device keeps nothing: storage is forbidden, full, or failed otherwise. */
  readonly trouble?: DeviceTrouble;
}

/** What a provider tells its listeners. */
export interface ProviderEvents {
  status: (event: { readonly status: Status }) => void;
  /** Whether the server's document has arrived on this connection. */
  sync: (synced: boolean) => void;
  /** The document's content is here, from this device or from the server: said once. */
  ready: () => void;
  /** Whether every local change is durable on the server, or at least on this device. */
  saved: (event: SavedState) => void;
  /** What this peer may do from now on: with the first connection, and whenever it changes. */
  access: (event: { readonly access: Access }) => void;
  /** What happened to the document beside its content, such as `{type: 'title', title}`. */
  event: (event: DocumentEvent) => void;
  /** The server did not take something, and why. */
  refused: (refusal: Refusal) => void;
  /** The server told us to stop. */
  closed: (closed: Closed) => void;
}
