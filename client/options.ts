import type { Awareness } from 'y-protocols/awareness';
import type { WebSocketConstructor } from './connection.ts';

/** What proves who one is, or what gives that when it is needed; undefined for somebody unknown. */
export type Token = string | (() => string | undefined | Promise<string | undefined>);

/** What a provider can be told. */
export interface ProviderOptions {
  /** Who else is there and where. Default: a new one, which ends with the provider. */
  readonly awareness?: Awareness;
  /**
   * Whether this device keeps a copy, in IndexedDB: the document is there without the network, changes that the server
   * has not acknowledged outlive the page, and tabs stay in step with each other. Only in browsers. Default false.
   */
  readonly offline?: boolean;
  /** Whether to connect at once. Default true. */
  readonly connect?: boolean;
  /**
   * What the server knows the user by, or where to get it. A function is asked for each connection, before what it gave
   * expires, and once more when the server does not take it. When it fails, it is tried again later.
   */
  readonly token?: Token;
  /**
   * The version of the schema that this client edits with, a whole number. The server takes no edits from one that is
   * older than the newest that has written. Default: none, for what has no schema.
   */
  readonly schema?: number;
  /** Query parameters of the address. */
  readonly params?: Readonly<Record<string, string>>;
  /** The WebSocket to use. Default: the platform's; in Node the one of `ws`. */
  readonly WebSocket?: WebSocketConstructor;
  /** The longest wait between two attempts to connect, in milliseconds. Default 10,000. */
  readonly maxBackoffMs?: number;
  /** How long the server may take to answer a new connection, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
}
