import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import {
  type Access,
  asScriptoriumError,
  type ClientMessage,
  decodeBareFromClient,
  encodeAwareness,
  type PeerUser,
  ScriptoriumError,
} from '../protocol/index.ts';
import type { AccessControl } from './access/access-control.ts';
import type { Grant, GrantHolder } from './access/grant.ts';
import type { Credentials } from './access/user.ts';
import type { Place } from './admission.ts';
import { Batch } from './batch.ts';
import { takesCompressed } from './compression.ts';
import { Intake } from './intake.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Limits } from './options.ts';
import { type BulkLane, Outbox } from './outbox.ts';
import { BarePeer, type PeerTransport } from './peer.ts';
import type { RefusalLog } from './refusal-log.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { wireFor } from './wire.ts';

/**
 *     waiting ──first message──▶ opening ──it may read, and the room is open──▶ joined
 *        │                          │                                           │
 *        └──────────────────────────┴────────────────────close──────────────────┴──▶ closed
 *
 * While a message has to wait, for its room to open or for something to be read, so do all that follow it.
 */
type State =
  | { readonly name: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly name: 'opening'; readonly peer: BarePeer; grant?: Grant }
  | { readonly name: 'joined'; readonly peer: BarePeer; readonly room: Room; readonly grant: Grant }
  | { readonly name: 'closed' };

/** Who comes, from where, and the place that is kept for them. */
export interface Visitor {
  readonly request: IncomingMessage;
  readonly address: string;
  readonly place: Place;
}

/** What a connection needs from its surroundings. */
export interface ConnectionContext {
  readonly access: AccessControl;
  readonly rooms: Rooms;
  readonly limits: Limits;
  readonly bulkLane: BulkLane;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
}

const KEEP_ALIVE = Batch.of({ type: 'awareness', update: encodeAwareness([]) }).chunks(
  wireFor({ extended: false, compresses: false }),
);

/**
 * One WebSocket with one document, bare framing: what comes in goes to the room as messages, what the room sends goes
 * out as bytes. The first message says whether the client speaks our extensions.
 */
export class Connection implements PeerTransport, GrantHolder {
  readonly #document: string;
  /** What came with the upgrade. */
  readonly #credentials: Credentials;
  readonly #webSocket: WebSocket;
  readonly #compresses: boolean;
  readonly #socket: Socket;
  /** Writes to the socket below, between the WebSocket's own frames. */
  readonly #outbox: Outbox;
  readonly #context: ConnectionContext;
  readonly #place: Place;
  readonly #intake: Intake;
  #state: State;
  /** Messages that came in the same read as one that has to wait; set while it does and the socket is paused. */
  #held: ClientMessage[] | undefined;
  #earlyBytes = 0;
  #answeredPing = true;
  #wroteSinceBeat = false;
  #slowTimer: NodeJS.Timeout | undefined;

  constructor(
    document: string,
    webSocket: WebSocket,
    { request, address, place }: Visitor,
    context: ConnectionContext,
  ) {
    this.#document = document;
    this.#credentials = context.access.credentialsOf(request, address);
    this.#webSocket = webSocket;
    this.#socket = request.socket;
    this.#compresses = takesCompressed(webSocket, request);
    this.#outbox = new Outbox(request.socket, context.bulkLane, () => this.#drained());
    this.#place = place;
    this.#context = context;
    this.#intake = new Intake(webSocket, context.limits, (error) => this.#fail(error));
    const timer = setTimeout(() => {
      this.#fail(new ScriptoriumError('HELLO_TIMEOUT', 'Nothing was said in time.'));
    }, context.limits.helloTimeoutMs);
    this.#state = { name: 'waiting', timer };
    webSocket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    this.#socket.on('data', this.#countEarly);
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
    if (!this.#answeredPing && !this.#intake.slowed) return this.terminate();
    this.#answeredPing = this.#intake.slowed; // nothing is read of it, no pong either
    this.#webSocket.ping();
    // Pings are invisible to a page, and a `y-websocket` client hangs up after 30 s without a message.
    if (!this.#wroteSinceBeat && this.#state.name === 'joined') this.write(KEEP_ALIVE);
    this.#wroteSinceBeat = false;
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  /** What came before the connection joined, also of a message that is not whole yet. */
  readonly #countEarly = ({ length }: Buffer): void => {
    this.#earlyBytes += length;
    try {
      this.#checkEarly(this.#earlyBytes);
    } catch (error) {
      this.#fail(error);
    }
  };

  #checkEarly(bytes: number): void {
    const { maxHelloBytes } = this.#context.limits;
    if (bytes <= maxHelloBytes) return;
    const message = `Before it has joined a document, a connection may send ${maxHelloBytes} bytes (maxHelloBytes).`;
    throw new ScriptoriumError('MESSAGE_TOO_LARGE', message);
  }

  /** A shutdown: whoever has joined is told by the room, the others here. */
  stop(error: ScriptoriumError): void {
    if (this.#state.name !== 'joined') this.#fail(error);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#state.name === 'closed') return;
    this.#answeredPing = true; // a pong may be far behind
    this.#intake.count(data.length);
    try {
      if (this.#state.name === 'waiting') this.#checkEarly(data.length); // larger than what came, where it was compressed
      if (!isBinary) throw new ScriptoriumError('MALFORMED_MESSAGE', 'Text messages are not taken.');
      // A copy of just these bytes: what comes from the socket is a view into a larger buffer.
      this.#take(decodeBareFromClient(new Uint8Array(data)));
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
        this.#place.spoke();
        return this.#hold(this.#open(message));
      case 'joined': {
        if (message.type === 'token') return this.#renew(state.grant, message.token);
        const waiting = state.room.receive(state.peer, message) ?? this.#intake.turn();
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
    this.#intake.hold();
    work
      .then(() => {
        this.#held = undefined;
        for (const message of held) this.#take(message);
      })
      .catch((error: unknown) => {
        this.#held = undefined;
        this.#fail(error);
      })
      .finally(() => this.#held || this.#intake.release());
  }

  async #open(first: ClientMessage): Promise<void> {
    const hello = first.type === 'hello' ? first.hello : undefined;
    const opening: State & { name: 'opening' } = {
      name: 'opening',
      peer: new BarePeer(wireFor({ extended: hello !== undefined, compresses: this.#compresses }), this),
    };
    this.#state = opening;
    const { access, rooms } = this.#context;
    const { peer } = opening;
    // The room is opened only for somebody who may read it.
    const grant = await access.admit(this.#credentialsWith(hello?.token), this.#document, this);
    if (this.#state !== opening) return grant.release();
    opening.grant = grant;
    if (grant.user) this.#place.belongsTo(grant.user.id);
    peer.access = grant.access;
    peer.user = publicUser(grant);
    await rooms.use(this.#document, async (room) => {
      if (this.#state !== opening) return;
      room.join(peer, hello);
      this.#state = { name: 'joined', peer, room, grant };
      this.#socket.off('data', this.#countEarly);
      if (first.type === 'token') this.#renew(grant, first.token);
      else if (!hello) await room.receive(peer, first);
    });
  }

  /** The token of a hello, or of a token message, counts before the one that came with the upgrade. */
  #credentialsWith(token: string | undefined): Credentials {
    return token === undefined ? this.#credentials : { ...this.#credentials, token };
  }

  #renew(grant: Grant, token: string): void {
    grant.renew(this.#credentialsWith(token)).catch((error: unknown) => this.#fail(error));
  }

  onAccess(access: Access): void {
    const state = this.#state;
    if (state.name !== 'opening' && state.name !== 'joined') return;
    state.peer.access = access;
    if (state.name === 'joined') state.room.accessTold(state.peer);
  }

  onExpiring(inMs: number): void {
    if (this.#state.name !== 'joined') return;
    this.#state.peer.send(Batch.of({ type: 'event', event: { type: 'token-expiring', inMs } }));
  }

  onEnd(error: ScriptoriumError): void {
    this.#fail(error);
  }

  #fail(thrown: unknown): void {
    if (this.#state.name === 'closed') return; // its grant may end after it
    const error = asScriptoriumError(thrown);
    const { metrics, refusals } = this.#context;
    metrics.refused(error.code);
    refusals.note(error, { document: this.#document }, 'a connection is refused');
    const state = this.#state;
    this.#leave();
    if (state.name === 'opening' || state.name === 'joined') state.peer.close(error);
    else if (state.name === 'waiting') new BarePeer(wireFor({ extended: false, compresses: false }), this).close(error);
  }

  #leave(): void {
    const state = this.#state;
    this.#state = { name: 'closed' };
    clearTimeout(this.#slowTimer);
    this.#intake.stop();
    this.#socket.off('data', this.#countEarly);
    this.#outbox.clear();
    if (state.name === 'waiting') clearTimeout(state.timer);
    if (state.name === 'joined') state.room.leave(state.peer);
    if (state.name === 'opening' || state.name === 'joined') state.grant?.release();
  }
}

/** Whom a peer is told that it is taken for. */
function publicUser({ user }: Grant): PeerUser | null {
  if (user === null) return null;
  const { id, name } = user;
  return name === undefined ? { id } : { id, name };
}
