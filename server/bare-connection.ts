import type { WebSocket } from 'ws';
import {
  asScriptoriumError,
  type ClientMessage,
  decodeBareFromClient,
  ERRORS,
  encodeAwareness,
  refusalOf,
  ScriptoriumError,
  wireCode,
} from '../protocol/index.ts';
import type { Credentials } from './access/user.ts';
import { Batch } from './batch.ts';
import { ClientSocket, type SocketUser } from './client-socket.ts';
import type { Connection, ConnectionContext, Visitor } from './connection.ts';
import { Peer, type PeerHost } from './peer.ts';
import { wireFor } from './wire.ts';

/** For somebody who has not said yet what else they know. */
const STOCK_WIRE = wireFor({ extended: false, compresses: false });
const KEEP_ALIVE = Batch.of({ type: 'awareness', update: encodeAwareness([]) }).chunks(STOCK_WIRE);

/**
 * One WebSocket with one document, bare framing: what comes in goes to the room as messages, what the room sends goes
 * out as bytes. The first message says whether the client speaks our extensions.
 *
 *     waiting ──first message──▶ a peer that opens ──▶ a peer that joined
 *        └───────────────────────────┴───────close─────────┴──▶ closed
 */
export class BareConnection implements Connection, SocketUser, PeerHost {
  readonly #document: string;
  /** What came with the upgrade. */
  readonly #credentials: Credentials;
  readonly #socket: ClientSocket;
  readonly #context: ConnectionContext;
  /** Undefined before the first message. */
  #peer: Peer | undefined;
  #joined = false;
  #closed = false;

  constructor(document: string, webSocket: WebSocket, visitor: Visitor, context: ConnectionContext) {
    this.#document = document;
    this.#credentials = context.access.credentialsOf(visitor.request, visitor.address);
    this.#context = context;
    this.#socket = new ClientSocket(webSocket, visitor, context, this);
  }

  get unreadBytes(): number {
    return this.#socket.unreadBytes;
  }

  get congested(): boolean {
    return this.#socket.congested;
  }

  write(chunks: readonly Uint8Array[]): void {
    this.#socket.write(chunks);
  }

  belongsTo(user: string): void {
    this.#socket.belongsTo(user);
  }

  beat(): void {
    this.#socket.beat(() => (this.#joined ? KEEP_ALIVE : []));
  }

  stop(error: ScriptoriumError): void {
    if (!this.#joined) this.fail(error);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  receive(bytes: Uint8Array): void | Promise<void> {
    const message = decodeBareFromClient(bytes);
    const peer = this.#peer;
    if (peer === undefined) return this.#open(message);
    switch (message.type) {
      case 'hello':
        throw new ScriptoriumError('MALFORMED_MESSAGE', 'A hello comes first and once.');
      case 'token':
        return peer.renew(this.#credentialsWith(message.token));
      default:
        return peer.receive(message);
    }
  }

  async #open(first: ClientMessage): Promise<void> {
    this.#socket.keepPlace();
    const hello = first.type === 'hello' ? first.hello : undefined;
    const wire = wireFor({ extended: hello !== undefined, compresses: this.#socket.compresses });
    const peer = new Peer(this.#document, wire, this, this.#context);
    this.#peer = peer;
    await peer.open(this.#credentialsWith(hello?.token), hello);
    if (this.#closed) return;
    this.#joined = true;
    this.#socket.admitted();
    if (first.type === 'token') peer.renew(this.#credentialsWith(first.token));
    else if (first.type !== 'hello') await peer.receive(first);
  }

  /** The token of a hello, or of a token message, counts before the one that came with the upgrade. */
  #credentialsWith(token: string | undefined): Credentials {
    return token === undefined ? this.#credentials : { ...this.#credentials, token };
  }

  drained(): void {
    this.#peer?.drained();
  }

  failed(_peer: Peer, thrown: unknown): void {
    this.fail(thrown);
  }

  dismissed(peer: Peer, error: ScriptoriumError): void {
    peer.refuse(error);
    this.#close(error);
  }

  fail(thrown: unknown): void {
    if (this.#closed) return; // its grant may end after it
    const error = asScriptoriumError(thrown);
    const { metrics, refusals } = this.#context;
    metrics.refused(error.code);
    refusals.note(error, { document: this.#document }, 'a connection is refused');
    this.gone();
    if (this.#peer) this.#peer.refuse(error);
    else this.write(Batch.of({ type: 'refusal', refusal: refusalOf(error) }).chunks(STOCK_WIRE));
    this.#close(error);
  }

  gone(): void {
    this.#closed = true;
    this.#socket.stop();
    this.#peer?.leave();
  }

  #close({ code }: ScriptoriumError): void {
    this.#socket.close(ERRORS[code].close, wireCode(code));
  }
}
