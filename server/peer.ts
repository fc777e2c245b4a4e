import type { Access, ClientHello, PeerUser, ScriptoriumError } from '../protocol/index.ts';
import { refusalOf } from '../protocol/index.ts';
import type { AccessControl } from './access/access-control.ts';
import type { Grant, GrantHolder } from './access/grant.ts';
import type { Credentials } from './access/user.ts';
import { Batch } from './batch.ts';
import type { Room, RoomMessage } from './room.ts';
import type { RoomPeer } from './room-peer.ts';
import type { Rooms } from './rooms.ts';
import type { Wire } from './wire.ts';

/** What a peer needs of its connection. */
export interface PeerHost {
  /** Whether more waits to be read than should. */
  readonly congested: boolean;
  /** Hands frames to the socket, piece by piece. */
  write(chunks: readonly Uint8Array[]): void;
  /** The connection is this user's. @throws ScriptoriumError TOO_MANY_CONNECTIONS */
  belongsTo(user: string): void;
  /** It may not stay, or can't. */
  failed(peer: Peer, thrown: unknown): void;
  /** The room sends it away. */
  dismissed(peer: Peer, error: ScriptoriumError): void;
}

/** What a peer needs from its surroundings. */
export interface PeerContext {
  readonly access: AccessControl;
  readonly rooms: Rooms;
}

type State =
  | { readonly name: 'opening'; grant?: Grant }
  | { readonly name: 'joined'; readonly room: Room; readonly grant: Grant }
  | { readonly name: 'gone' };

/**
 * One document on one connection.
 *
 *     opening ──it may read, and the room is open──▶ joined
 *        └──────────────────leave───────────────────┴──▶ gone
 */
export class Peer implements RoomPeer, GrantHolder {
  access: Access = 'none';
  user: PeerUser | null = null;
  readonly countsEdits: boolean;
  readonly #document: string;
  readonly #wire: Wire;
  readonly #host: PeerHost;
  readonly #context: PeerContext;
  #state: State = { name: 'opening' };

  constructor(document: string, wire: Wire, host: PeerHost, context: PeerContext) {
    this.#document = document;
    this.countsEdits = wire.countsEdits;
    this.#wire = wire;
    this.#host = host;
    this.#context = context;
  }

  get congested(): boolean {
    return this.#host.congested;
  }

  /**
   * Asks for access, and joins the room.
   * @throws ScriptoriumError why it may not, or why the room can't be opened
   */
  async open(credentials: Credentials, hello?: ClientHello): Promise<void> {
    const opening = this.#state;
    if (opening.name !== 'opening') return;
    const { access, rooms } = this.#context;
    // The room is opened only for somebody who may read it.
    const grant = await access.admit(credentials, this.#document, this);
    if (this.#state !== opening) return grant.release();
    opening.grant = grant;
    if (grant.user) this.#host.belongsTo(grant.user.id);
    this.access = grant.access;
    this.user = publicUser(grant);
    await rooms.use(this.#document, async (room) => {
      if (this.#state !== opening) return;
      room.join(this, hello);
      this.#state = { name: 'joined', room, grant };
    });
  }

  /** What its client says to the room. Where the answer is a promise, what it says next has to wait for it. */
  receive(message: RoomMessage): void | Promise<void> {
    if (this.#state.name === 'joined') return this.#state.room.receive(this, message);
  }

  /** Its client shows anew who it is. */
  renew(credentials: Credentials): void {
    if (this.#state.name !== 'joined') return;
    this.#state.grant.renew(credentials).catch((error: unknown) => this.#host.failed(this, error));
  }

  /** Its connection has been read to the end, after that took too long. */
  drained(): void {
    if (this.#state.name === 'joined') this.#state.room.drained(this);
  }

  leave(): void {
    const state = this.#state;
    this.#state = { name: 'gone' };
    if (state.name === 'joined') state.room.leave(this);
    if (state.name !== 'gone') state.grant?.release();
  }

  send(batch: Batch): void {
    const chunks = batch.chunks(this.#wire);
    if (chunks.length > 0) this.#host.write(chunks);
  }

  /** Says why it has to go. */
  refuse(error: ScriptoriumError): void {
    this.send(Batch.of({ type: 'refusal', refusal: refusalOf(error) }));
  }

  close(error: ScriptoriumError): void {
    this.#host.dismissed(this, error);
  }

  onAccess(access: Access): void {
    this.access = access;
    if (this.#state.name === 'joined') this.#state.room.accessTold(this);
  }

  onExpiring(inMs: number): void {
    if (this.#state.name === 'joined') this.send(Batch.of({ type: 'event', event: { type: 'token-expiring', inMs } }));
  }

  onEnd(error: ScriptoriumError): void {
    this.#host.failed(this, error);
  }
}

/** Whom a peer is told that it is taken for. */
function publicUser({ user }: Grant): PeerUser | null {
  if (user === null) return null;
  const { id, name } = user;
  return name === undefined ? { id } : { id, name };
}
