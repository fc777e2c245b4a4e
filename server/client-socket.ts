import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { ScriptoriumError } from '../protocol/index.ts';
import type { Place } from './admission.ts';
import { takesCompressed } from './compression.ts';
import type { ConnectionContext, Visitor } from './connection.ts';
import { Intake } from './intake.ts';
import { keptMessage } from './kept-message.ts';
import { Outbox } from './outbox.ts';

/** What a connection does with its socket's traffic. */
export interface SocketUser {
  /**
   * Takes one whole message, whose bytes nobody changes any more. Where the answer is a promise, no more is taken before
   * it resolves. What it throws ends the connection.
   */
  receive(bytes: Uint8Array): void | Promise<void>;
  /** Everything has been read, after some of it had to wait. */
  drained(): void;
  /** The connection can't go on. */
  fail(thrown: unknown): void;
  /** The socket is closed. */
  gone(): void;
}

/** A WebSocket with its bounds: how fast it is read, how much may wait to go out, and whether anybody is there. */
export class ClientSocket {
  /** Whether it takes compressed messages. */
  readonly compresses: boolean;
  readonly #user: SocketUser;
  readonly #context: ConnectionContext;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  /** Writes to the socket below, between the WebSocket's own frames. */
  readonly #outbox: Outbox;
  readonly #place: Place;
  readonly #intake: Intake;
  readonly #helloTimer: NodeJS.Timeout;
  #stopped = false;
  #spoke = false;
  /** Messages that came in the same read as one that has to wait; set while it does and the socket is paused. */
  #held: Uint8Array[] | undefined;
  #earlyBytes = 0;
  #answeredPing = true;
  #wroteSinceBeat = false;
  #slowTimer: NodeJS.Timeout | undefined;

  constructor(webSocket: WebSocket, { request, place }: Visitor, context: ConnectionContext, user: SocketUser) {
    this.#user = user;
    this.#context = context;
    this.#webSocket = webSocket;
    this.#socket = request.socket;
    this.#place = place;
    this.compresses = takesCompressed(webSocket, request);
    this.#outbox = new Outbox(request.socket, context.bulkLane, () => this.#drained());
    this.#intake = new Intake(webSocket, context.limits, (error) => user.fail(error));
    this.#helloTimer = setTimeout(() => {
      user.fail(new ScriptoriumError('HELLO_TIMEOUT', 'Nothing was said in time.'));
    }, context.limits.helloTimeoutMs);
    webSocket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    this.#socket.on('data', this.#countEarly);
    webSocket.on('pong', () => {
      this.#answeredPing = true;
    });
    webSocket.on('close', () => user.gone());
    webSocket.on('error', (err) => context.logger.debug({ err }, 'a connection broke'));
  }

  get unreadBytes(): number {
    return this.#outbox.unreadBytes;
  }

  /** Whether more waits to be read than should. */
  get congested(): boolean {
    return this.#outbox.unreadBytes > this.#context.limits.slowPeerBytes;
  }

  /** Hands frames to the socket, piece by piece. */
  write(chunks: readonly Uint8Array[]): void {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    if (this.#outbox.unreadBytes > this.#context.limits.maxOutboxBytes) {
      return this.#user.fail(new ScriptoriumError('OUTBOX_FULL', 'The connection reads too slowly.'));
    }
    this.#wroteSinceBeat = true;
    this.#outbox.write(chunks);
    if (this.congested && this.#slowTimer === undefined) this.#watchSlow(this.#outbox.unreadBytes);
  }

  /** Somebody is there: nobody else takes its place any more. */
  keepPlace(): void {
    this.#place.spoke();
  }

  /** A document is open on it: from now on it may send as much as anybody. */
  admitted(): void {
    this.#socket.off('data', this.#countEarly);
  }

  /** It is a user's. @throws ScriptoriumError TOO_MANY_CONNECTIONS */
  belongsTo(user: string): void {
    this.#place.belongsTo(user);
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  /**
   * Ends the connection if it did not answer the last ping; else pings it again. Pings are invisible to a page, and stock
   * clients hang up after 30 s without a message: then `keepAlive` is written.
   */
  beat(keepAlive: () => readonly Uint8Array[]): void {
    if (!this.#answeredPing && !this.#intake.slowed) return this.terminate();
    this.#answeredPing = this.#intake.slowed; // nothing is read of it, no pong either
    this.#webSocket.ping();
    if (!this.#wroteSinceBeat) {
      const chunks = keepAlive();
      if (chunks.length > 0) this.write(chunks);
    }
    this.#wroteSinceBeat = false;
  }

  /** The connection is over: nothing more is taken, and what waits to go out is forgotten. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#helloTimer);
    clearTimeout(this.#slowTimer);
    this.#intake.stop();
    this.#socket.off('data', this.#countEarly);
    this.#outbox.clear();
  }

  /** Ends the connection when it reads nothing at all for too long. */
  #watchSlow(unreadBytes: number): void {
    this.#slowTimer = setTimeout(() => {
      const left = this.#outbox.unreadBytes;
      if (left < unreadBytes) return this.#watchSlow(left);
      this.#user.fail(new ScriptoriumError('OUTBOX_FULL', 'The connection reads nothing.'));
      this.terminate(); // it would not read the close either
    }, this.#context.limits.slowPeerTimeoutMs);
  }

  #drained(): void {
    clearTimeout(this.#slowTimer);
    this.#slowTimer = undefined;
    this.#user.drained();
  }

  /** What came before a document was open and was not taken yet, also of a message that is not whole. */
  readonly #countEarly = ({ length }: Buffer): void => {
    this.#earlyBytes += length;
    try {
      this.#checkEarly(this.#earlyBytes);
    } catch (error) {
      this.#user.fail(error);
    }
  };

  #checkEarly(bytes: number): void {
    const { maxHelloBytes } = this.#context.limits;
    if (bytes <= maxHelloBytes) return;
    const message = `Before it has joined a document, a connection may send ${maxHelloBytes} bytes (maxHelloBytes).`;
    throw new ScriptoriumError('MESSAGE_TOO_LARGE', message);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#stopped) return;
    this.#answeredPing = true; // a pong may be far behind
    this.#intake.count(data.length);
    try {
      if (!this.#spoke) this.#checkEarly(data.length); // larger than what came, where it was compressed
      if (!isBinary) throw new ScriptoriumError('MALFORMED_MESSAGE', 'Text messages are not taken.');
      this.#take(keptMessage(data));
    } catch (error) {
      this.#user.fail(error);
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#held) {
      this.#held.push(bytes);
      return;
    }
    if (this.#stopped) return;
    this.#earlyBytes = 0;
    const waiting = this.#user.receive(bytes) ?? this.#intake.turn();
    if (!this.#spoke) this.#firstTaken();
    if (waiting) this.#hold(waiting);
  }

  #firstTaken(): void {
    this.#spoke = true;
    clearTimeout(this.#helloTimer);
  }

  /** Takes no more before this is done. */
  #hold(work: Promise<void>): void {
    const held: Uint8Array[] = [];
    this.#held = held;
    this.#intake.hold();
    work
      .then(() => {
        this.#held = undefined;
        for (const bytes of held) this.#take(bytes);
      })
      .catch((error: unknown) => {
        this.#held = undefined;
        this.#user.fail(error);
      })
      .finally(() => this.#held || this.#intake.release());
  }
}
