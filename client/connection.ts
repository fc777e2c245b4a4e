import {
  asScriptoriumError,
  type ClientMessage,
  decodeBareFromServer,
  encodeBare,
  type ServerMessage,
} from '../protocol/index.ts';

/** The part of the WebSocket API that is used: a browser's, or the one of `ws`. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** Makes a WebSocket. */
export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** What a connection tells its owner. After `onClose` it tells nothing more. */
export interface ConnectionEvents {
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  onClose(closed: { readonly code: number; readonly reason: string }): void;
}

const OPEN = 1;
/** As a browser reports a connection that ended without a word. */
const ABNORMAL = 1006;
const NOT_OUR_PROTOCOL = 4400;

/** One WebSocket to the server, as messages. It is given up when nothing comes for too long. */
export class ServerConnection {
  readonly #socket: WebSocketLike;
  readonly #events: ConnectionEvents;
  #idleTimeoutMs: number;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(WebSocket: WebSocketConstructor, url: string, connectTimeoutMs: number, events: ConnectionEvents) {
    this.#events = events;
    this.#idleTimeoutMs = connectTimeoutMs;
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => events.onOpen();
    this.#socket.onmessage = ({ data }: { data: unknown }) => this.#receive(data);
    this.#socket.onclose = ({ code, reason }: { code: number; reason: string }) => this.#closed({ code, reason });
    this.#socket.onerror = () => {}; // a close follows
    this.#watch();
  }

  send(message: ClientMessage): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(encodeBare(message) as Uint8Array<ArrayBuffer>);
  }

  /** After so many milliseconds without a message the connection is given up. */
  expectMessageEvery(idleTimeoutMs: number): void {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#watch();
  }

  /** Gives the connection up, as if it had broken. */
  drop(): void {
    this.#giveUp(ABNORMAL, 'The network is gone.');
  }

  /** Ends the connection without `onClose`. */
  end(): void {
    this.#detach();
    this.#socket.close();
  }

  #receive(data: unknown): void {
    this.#watch();
    let message: ServerMessage;
    try {
      if (!(data instanceof ArrayBuffer)) throw new TypeError('The server sent text.');
      message = decodeBareFromServer(new Uint8Array(data));
    } catch (error) {
      // A newer server may say more than this client knows; what is malformed ends the connection.
      if (asScriptoriumError(error).code === 'UNKNOWN_MESSAGE_TYPE') return;
      this.#giveUp(NOT_OUR_PROTOCOL, asScriptoriumError(error).message);
      return;
    }
    this.#events.onMessage(message);
  }

  #watch(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#giveUp(ABNORMAL, 'The server is silent.'), this.#idleTimeoutMs);
  }

  #giveUp(code: number, reason: string): void {
    this.#socket.close();
    this.#closed({ code, reason });
  }

  #closed(closed: { code: number; reason: string }): void {
    this.#detach();
    this.#events.onClose(closed);
  }

  #detach(): void {
    clearTimeout(this.#idleTimer);
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.onerror = () => {}; // closing a socket that is still connecting is an error in Node
  }
}
