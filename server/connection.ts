import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import {
  asScriptoriumError,
  type ClientMessage,
  decodeBareFromClient,
  encodeAwareness,
  ScriptoriumError,
} from '../protocol/index.ts';
import { Batch } from './batch.ts';
import { takesCompressed } from './compression.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Limits } from './options.ts';
import { type BulkLane, Outbox } from './outbox.ts';
import { BarePeer, type PeerTransport } from './peer.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { wireFor } from './wire.ts';

/**
 *     waiting ──first message──▶ opening ──room is open──▶ joined
 *        │                          │                        │
 *        └──────────────────────────┴────────close───────────┴──▶ closed
 *
 * While a message has to wait, for its room to open or for something to be read, so do all that follow it.
 */
type State =
  | { readonly name: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly name: 'opening'; readonly peer: BarePeer }
  | { readonly name: 'joined'; readonly peer: BarePeer; readonly room: Room }
  | { readonly name: 'closed' };

/** What a connection needs from its surroundings. */
export interface ConnectionContext {
  readonly rooms: Rooms;
  readonly limits: Limits;
  readonly bulkLane: BulkLane;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

const KEEP_ALIVE = Batch.of({ type: 'awareness', update: encodeAwareness([]) }).chunks(
  wireFor({ extended: false, compresses: false }),
);

/**
 * One WebSocket with one document, bare framing: what comes in goes to the room as messages, what the room sends goes
 * out as bytes. The first message says whether the client speaks our extensions.
 */
export class Connection implements PeerTransport {
  readonly #document: string;
  readonly #webSocket: WebSocket;
  readonly #compresses: boolean;
  /** Writes to the socket below, between the WebSocket's own frames. */
  readonly #outbox: Outbox;
  readonly #context: ConnectionContext;
  #state: State;
  /** Messages that came in the same read as one that has to wait; set while it does and the socket is paused. */
  #held: ClientMessage[] | undefined;
  #answeredPing = true;
  #wroteSinceBeat = false;
  #slowTimer: NodeJS.Timeout | undefined;

  constructor(document: string, webSocket: WebSocket, request: IncomingMessage, context: ConnectionContext) {
    this.#document = document;
    this.#webSocket = webSocket;
    this.#compresses = takesCompressed(webSocket, request);
    this.#outbox = new Outbox(request.socket, context.bulkLane, () => this.#drained());
    this.#context = context;
    const timer = setTimeout(() => {
      this.#fail(new ScriptoriumError('HELLO_TIMEOUT', 'Nothing was said in time.'));
    }, context.limits.helloTimeoutMs);
    this.#state = { name: 'waiting', timer };
    webSocket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    webSocket.on('pong', () => {
      this.#answeredPing = true;
    });
    webSocket.on('close', () => this.#leave());
    webSocket.on('error', (err) => context.logger.debug({ document, err }, 'a connection broke'));
  }

  get unreadBytes(): number {
    return this.#outbox.unreadBytes;
  }

  get congested(): boolean {
    return this.#outbox.unreadBytes > this.#context.limits.slowPeerBytes;
  }

  write(chunks: readonly Uint8Array[]): void {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    if (this.#outbox.unreadBytes > this.#context.limits.maxOutboxBytes) {
      return this.#fail(new ScriptoriumError('OUTBOX_FULL', 'The connection reads too slowly.'));
    }
    this.#wroteSinceBeat = true;
    this.#outbox.write(chunks);
    if (this.congested && this.#slowTimer === undefined) this.#watchSlow(this.#outbox.unreadBytes);
  }

  /** Ends the connection when it reads nothing at all for too long. */
  #watchSlow(unreadBytes: number): void {
    this.#slowTimer = setTimeout(() => {
      const left = this.#outbox.unreadBytes;
      if (left < unreadBytes) return this.#watchSlow(left);
      this.#fail(new ScriptoriumError('OUTBOX_FULL', 'The connection reads nothing.'));
      this.terminate(); // it would not read the close either
    }, this.#context.limits.slowPeerTimeoutMs);
  }

  #drained(): void {
    clearTimeout(this.#slowTimer);
    this.#slowTimer = undefined;
    if (this.#state.name === 'joined') this.#state.room.drained(this.#state.peer);
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  /** Ends the connection if it did not answer the last ping; else pings it again. */
  beat(): void {
    if (!this.#answeredPing) return this.terminate();
    this.#answeredPing = false;
    this.#webSocket.ping();
    // Pings are invisible to a page, and a `y-websocket` client hangs up after 30 s without a message.
    if (!this.#wroteSinceBeat && this.#state.name === 'joined') this.write(KEEP_ALIVE);
    this.#wroteSinceBeat = false;
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  /** A shutdown: whoever has joined is told by the room, the others here. */
  stop(error: ScriptoriumError): void {
    if (this.#state.name !== 'joined') this.#fail(error);
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    try {
      if (!isBinary) throw new ScriptoriumError('MALFORMED_MESSAGE', 'Text messages are not taken.');
      // A copy of just these bytes: what comes from the socket is a view into a larger buffer.
      this.#take(decodeBareFromClient(new Uint8Array(data as Buffer)));
    } catch (error) {
      this.#fail(error);
    }
  }

  #take(message: ClientMessage): void {
    if (this.#held) {
      this.#held.push(message);
      return;
    }
    const state = this.#state;
    switch (state.name) {
      case 'waiting':
        clearTimeout(state.timer);
        return this.#hold(this.#open(message));
      case 'joined': {
        const waiting = state.room.receive(state.peer, message);
        return waiting && this.#hold(waiting);
      }
      case 'opening':
      case 'closed':
        return;
    }
  }

  /** Reads no more before this is done. */
  #hold(work: Promise<void>): void {
    const held: ClientMessage[] = [];
    this.#held = held;
    this.#webSocket.pause();
    work
      .then(() => {
        this.#held = undefined;
        for (const message of held) this.#take(message);
      })
      .catch((error: unknown) => {
        this.#held = undefined;
        this.#fail(error);
      })
      .finally(() => this.#held || this.#webSocket.resume());
  }

  async #open(first: ClientMessage): Promise<void> {
    const hello = first.type === 'hello' ? first.hello : undefined;
    const peer = new BarePeer(wireFor({ extended: hello !== undefined, compresses: this.#compresses }), this);
    this.#state = { name: 'opening', peer };
    await this.#context.rooms.use(this.#document, async (room) => {
      if (this.#state.name !== 'opening') return;
      room.join(peer, hello);
      this.#state = { name: 'joined', peer, room };
      if (!hello) await room.receive(peer, first);
    });
  }

  #fail(thrown: unknown): void {
    const error = asScriptoriumError(thrown);
    const { logger, metrics } = this.#context;
    metrics.refused(error.code);
    const level = error.code === 'INTERNAL' ? 'error' : 'info';
    logger[level]({ document: this.#document, code: error.code, err: error }, 'a connection is refused');
    const state = this.#state;
    this.#leave();
    if (state.name === 'opening' || state.name === 'joined') state.peer.close(error);
    else if (state.name === 'waiting') new BarePeer(wireFor({ extended: false, compresses: false }), this).close(error);
  }

  #leave(): void {
    const state = this.#state;
    this.#state = { name: 'closed' };
    clearTimeout(this.#slowTimer);
    this.#outbox.clear();
    if (state.name === 'waiting') clearTimeout(state.timer);
    if (state.name === 'joined') state.room.leave(state.peer);
  }
}
