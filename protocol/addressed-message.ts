import { type CommonMessage, MESSAGE_TYPE } from './message.ts';

/** Type numbers of Hocuspocus' protocol: the first varUint after the address. */
export const ADDRESSED_TYPE = {
  sync: MESSAGE_TYPE.sync,
  awareness: MESSAGE_TYPE.awareness,
  auth: MESSAGE_TYPE.auth,
  queryAwareness: MESSAGE_TYPE.queryAwareness,
  stateless: 5,
  close: 7,
  editStatus: 8,
  ping: 9,
  pong: 10,
} as const;

/** Sub-types of an auth message. */
export const AUTH_TYPE = { token: 0, denied: 1, authenticated: 2 } as const;

/** Something that an application says to all who have the document open; it is not stored. */
export interface Stateless {
  readonly type: 'stateless';
  readonly payload: string;
}

/** What a client may say about a document. */
export type AddressedClientMessage =
  | CommonMessage
  | Stateless
  | {
      readonly type: 'token';
      /** Empty for a client that has none. */
      readonly token: string;
      /** Of the client's package; absent before version 4. */
      readonly version?: string;
    }
  | { readonly type: 'close' };

/** What a server may say about a document. */
export type AddressedServerMessage =
  | CommonMessage
  | Stateless
  /** Say the token again. */
  | { readonly type: 'token-request' }
  | { readonly type: 'permission-denied'; readonly reason: string }
  | { readonly type: 'authenticated'; readonly scope: 'read-write' | 'readonly' }
  /** The oldest step 2 or update that was not answered yet is durable, or was refused. */
  | { readonly type: 'edit-status'; readonly taken: boolean }
  | { readonly type: 'close'; readonly reason: string };
