import type { WebSocket } from 'ws';
import { encodeAddressedScratch } from '../protocol/addressed.ts';
import {
  type AddressedServerMessage,
  asScriptoriumError,
  checkDocumentName,
  decodeAddressedFromClient,
  documentOfAddress,
  ERRORS,
  type ErrorCode,
  PING,
  PONG,
  publicMessage,
  ScriptoriumError,
  wireCode,
} from '../protocol/index.ts';
import type { Credentials } from './access/user.ts';
import { ClientSocket, type SocketUser } from './client-socket.ts';
import type { Connection, ConnectionContext, Visitor } from './connection.ts';
import { Peer, type PeerHost } from './peer.ts';
import type { RoomMessage } from './room.ts';
import { WaitingBudget, WaitingMessages } from './waiting-messages.ts';
import { addressedWire, framesOf } from './wire.ts';

/**
 * A document on the connection.
 *
 *     closed ──token──▶ opening ──▶ joined
 *        ▲                 │           │
 *        └──── denied ─────┴── ended ──┘
 *
 * While it is not joined, what the client says about it waits.
 */
interface Channel {
  readonly address: string;
  readonly waiting: WaitingMessages;
  /** Undefined while it is closed. */
  peer: Peer | undefined;
  joined: boolean;
  /** A token that came while another one was looked at. */
  nextToken: string | undefined;
}

/** What ends a document, and nothing else of its connection. */
const OF_DOCUMENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNAUTHORIZED',
  'FORBIDDEN',
  'INVALID_DOCUMENT_NAME',
  'DOCUMENT_NOT_FOUND',
  'DOCUMENT_DELETED',
  'TOO_MANY_DOCUMENTS',
]);
/** The same, but it may be otherwise later: a connection without another document is closed, so that it comes back. */
const OF_DOCUMENT_NOW: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'DOCUMENT_UNREADABLE',
  'LOAD_FAILED',
  'TOO_MANY_PEERS',
]);
/** From this version on, clients know pings. */
const PINGED_VERSION = 4;

/** One WebSocket with many documents, in Hocuspocus' protocol: each address is a peer of its room. */
export class AddressedConnection implements Connection, SocketUser, PeerHost {
  /** What came with the upgrade. */
  readonly #credentials: Credentials;
  readonly #socket: ClientSocket;
  readonly #context: ConnectionContext;
  readonly #channels = new Map<string, Channel>();
  readonly #budget: WaitingBudget;
  #knowsPings = false;
  #closed = false;

  constructor(webSocket: WebSocket, visitor: Visitor, context: ConnectionContext) {
    this.#credentials = context.access.credentialsOf(visitor.request, visitor.address);
    this.#context = context;
    this.#budget = new WaitingBudget(context.limits.maxHelloBytes);
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
    this.#socket.beat(() => this.#keepAlive());
  }

  stop(error: ScriptoriumError): void {
    this.fail(error);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  drained(): void {
    for (const { peer } of this.#channels.values()) peer?.drained();
  }

  receive(bytes: Uint8Array): void | Promise<void> {
    if (this.#closed) return;
    const received = decodeAddressedFromClient(bytes);
    if (received === 'ping') return this.write(framesOf(PONG, false));
    if (received === 'pong') return;
    const { address, message } = received;
    switch (message.type) {
      case 'token':
        this.#knowsPings ||= Number.parseInt(message.version ?? '', 10) >= PINGED_VERSION;
        return this.#authenticate(address, message.token);
      case 'close':
        return this.#detach(address);
      default:
        return this.#hear(address, message, bytes.length);
    }
  }

  #hear(address: string, message: RoomMessage, bytes: number): void | Promise<void> {
    const channel = this.#channels.get(address) ?? this.#channelFor(address);
    if (channel === undefined || channel instanceof ScriptoriumError) return; // said when it shows its token
    if (channel.joined) return channel.peer?.receive(message);
    channel.waiting.push(message, bytes);
    // Without a token, version 2 of the provider sends none; where anybody may do anything, none is needed.
    if (!channel.peer && message.type === 'sync-step-1' && this.#context.access.open) this.#open(channel, '');
  }

  #authenticate(address: string, token: string): void {
    const channel = this.#channels.get(address) ?? this.#channelFor(address);
    if (channel instanceof ScriptoriumError) return this.#deny(address, channel);
    if (channel.joined) channel.peer?.renew(this.#credentialsWith(token));
    else if (channel.peer) channel.nextToken = token;
    else this.#open(channel, token);
  }

  /** A new document, or why there can't be one. */
  #channelFor(address: string): Channel | ScriptoriumError {
    const { maxDocumentsPerConnection } = this.#context.limits;
    try {
      checkDocumentName(documentOfAddress(address));
    } catch (thrown) {
      return asScriptoriumError(thrown);
    }
    if (this.#channels.size >= maxDocumentsPerConnection) {
      const message = `A connection has at most ${maxDocumentsPerConnection} documents (maxDocumentsPerConnection).`;
      return new ScriptoriumError('TOO_MANY_DOCUMENTS', message);
    }
    const channel: Channel = {
      address,
      waiting: new WaitingMessages(this.#budget),
      peer: undefined,
      joined: false,
      nextToken: undefined,
    };
    this.#channels.set(address, channel);
    return channel;
  }

  #open(channel: Channel, token: string): void {
    const { address } = channel;
    const wire = addressedWire(address, this.#socket.compresses);
    const peer = new Peer(documentOfAddress(address), wire, this, this.#context);
    channel.peer = peer;
    peer
      .open(this.#credentialsWith(token))
      .then(() => this.#opened(channel, peer))
      .catch((error: unknown) => this.failed(peer, error));
  }

  async #opened(channel: Channel, peer: Peer): Promise<void> {
    if (channel.peer !== peer) return;
    this.#socket.keepPlace(); // not before: it may say much and be let in nowhere
    this.#socket.admitted();
    // What comes while these are taken waits behind them.
    for (let messages = channel.waiting.drain(); messages.length > 0; messages = channel.waiting.drain()) {
      for (const message of messages) await peer.receive(message);
      if (channel.peer !== peer) return;
    }
    channel.joined = true;
    if (channel.nextToken !== undefined) peer.renew(this.#credentialsWith(channel.nextToken));
    channel.nextToken = undefined;
  }

  #detach(address: string): void {
    const channel = this.#channels.get(address);
    if (channel === undefined) return;
    this.#channels.delete(address);
    this.#leave(channel);
    channel.waiting.clear();
  }

  #leave(channel: Channel): void {
    const { peer } = channel;
    channel.peer = undefined;
    channel.joined = false;
    peer?.leave();
  }

  failed(peer: Peer, thrown: unknown): void {
    const channel = this.#channelOf(peer);
    if (this.#closed || channel === undefined) return;
    const error = asScriptoriumError(thrown);
    if (!this.#isOfDocument(error)) return this.fail(error);
    this.#note(error, documentOfAddress(channel.address));
    this.#end(channel, error);
  }

  dismissed(peer: Peer, error: ScriptoriumError): void {
    const channel = this.#channelOf(peer);
    if (channel === undefined) return;
    if (this.#isOfDocument(error)) this.#end(channel, error);
    else this.#close(error);
  }

  /** Everything else is a reason to connect again: by itself, a provider does so only when its socket is closed. */
  #isOfDocument({ code }: ScriptoriumError): boolean {
    return OF_DOCUMENT.has(code) || (OF_DOCUMENT_NOW.has(code) && this.#channels.size > 1);
  }

  /** Ends one document. The connection and the others on it stay. */
  #end(channel: Channel, error: ScriptoriumError): void {
    const { address, joined, nextToken } = channel;
    this.#leave(channel);
    channel.nextToken = undefined;
    // A newer token may be a better one.
    if (nextToken !== undefined) return this.#open(channel, nextToken);
    if (isDenial(error) || !joined) this.#deny(address, error);
    if (!joined) return; // what waits is for the next token
    this.#say(address, { type: 'close', reason: wireCode(error.code) });
    this.#detach(address);
  }

  #deny(address: string, error: ScriptoriumError): void {
    this.#context.metrics.refused(error.code);
    this.#say(address, { type: 'permission-denied', reason: publicMessage(error) });
  }

  #say(address: string, message: AddressedServerMessage): void {
    this.write(framesOf(encodeAddressedScratch(address, message), this.#socket.compresses));
  }

  fail(thrown: unknown): void {
    if (this.#closed) return;
    const error = asScriptoriumError(thrown);
    this.#context.metrics.refused(error.code);
    this.#note(error);
    this.gone();
    this.#close(error);
  }

  gone(): void {
    this.#closed = true;
    this.#socket.stop();
    for (const channel of this.#channels.values()) this.#leave(channel);
    this.#channels.clear();
  }

  #close({ code }: ScriptoriumError): void {
    this.#socket.close(ERRORS[code].close, wireCode(code));
  }

  #note(error: ScriptoriumError, document?: string): void {
    this.#context.refusals.note(error, { document }, 'a connection is refused');
  }

  #channelOf(peer: Peer): Channel | undefined {
    for (const channel of this.#channels.values()) if (channel.peer === peer) return channel;
    return undefined;
  }

  #credentialsWith(token: string): Credentials {
    return token === '' ? this.#credentials : { ...this.#credentials, token };
  }

  /** Before version 4, clients know no ping: they get an empty message of a document. */
  #keepAlive(): readonly Uint8Array[] {
    if (this.#knowsPings) return framesOf(PING, false);
    for (const { address, joined } of this.#channels.values()) {
      if (joined) return framesOf(encodeAddressedScratch(address, NOBODY), false);
    }
    return [];
  }
}

const NOBODY: AddressedServerMessage = { type: 'awareness', update: Uint8Array.of(0) };

function isDenial({ code }: ScriptoriumError): boolean {
  return code === 'UNAUTHORIZED' || code === 'FORBIDDEN';
}
