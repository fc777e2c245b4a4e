import type { Refusal } from './errors.ts';
import type { ClientHello, DocumentEvent, Welcome } from './extension.ts';

/** Type numbers of the wire: the first varUint of every message. */
export const MESSAGE_TYPE = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  hello: 100,
  position: 101,
  syncStatus: 102,
  refusal: 103,
  event: 104,
  token: 105,
} as const;

/** Sub-types of a sync message, as y-protocols/sync numbers them. */
export const SYNC_TYPE = { step1: 0, step2: 1, update: 2 } as const;

/** What the document itself is sent with. `update` bytes are Yjs V1 updates. */
export type SyncMessage =
  | { readonly type: 'sync-step-1'; readonly stateVector: Uint8Array }
  | { readonly type: 'sync-step-2'; readonly update: Uint8Array }
  | { readonly type: 'update'; readonly update: Uint8Array };

/** Messages that all framings have, both ways. */
export type CommonMessage =
  | SyncMessage
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'query-awareness' };

/** Messages that go both ways. */
export type SharedMessage = CommonMessage | { readonly type: 'sync-status'; readonly payload: Uint8Array };

/** What a client may send. */
export type ClientMessage =
  | SharedMessage
  | { readonly type: 'hello'; readonly hello: ClientHello }
  | { readonly type: 'token'; readonly token: string };

/** What a server may send. Only a client that said hello gets more than the {@link SharedMessage}s and auth. */
export type ServerMessage =
  | SharedMessage
  | { readonly type: 'auth-denied'; readonly reason: string }
  | { readonly type: 'welcome'; readonly welcome: Welcome }
  | { readonly type: 'position'; readonly seq: number }
  | { readonly type: 'refusal'; readonly refusal: Refusal }
  | { readonly type: 'event'; readonly event: DocumentEvent };
