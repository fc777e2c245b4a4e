import type { WebSocketLike } from '../../client/connection.ts';
import {
  type ClientMessage,
  decodeBareFromClient,
  decodeBareFromServer,
  ERRORS,
  encodeBare,
  type ScriptoriumError,
  wireCode,
} from '../../protocol/index.ts';
import type { Room } from '../../server/room.ts';
import type { RoomPeer } from '../../server/room-peer.ts';
import type { Rooms } from '../../server/rooms.ts';
import { type Wire, wireFor } from '../../server/wire.ts';

type Random = () => number;

/** Bytes on their way, in one direction of one connection. */
interface Line {
  readonly queue: Uint8Array[];
  isUpdate(bytes: Uint8Array): boolean;
  deliver(bytes: Uint8Array): void;
}

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;
const ABNORMAL = 1006;
const FAULT_RATE = 0.1;
/** So many messages may wait for a client before it counts as slow. */
const CONGESTED_AT = 12;

/**
 * Connections without sockets. Nothing arrives before `step` lets it. Where it is faulty, updates may arrive twice, and
 * two that follow each other may change places; what else there is keeps its order, as on any WebSocket.
 */
export class Network {
  /** The server that new connections reach; undefined while it is down. */
  rooms: Rooms | undefined;
  /** To pass to providers in the place of `WebSocket`. */
  readonly WebSocket: new (
    url: string,
  ) => SimulatedSocket;
  readonly #random: Random;
  readonly #sockets = new Set<SimulatedSocket>();

  constructor(document: string, random: Random, faulty: boolean) {
    this.#random = random;
    const connect = (socket: SimulatedSocket) => {
      this.#sockets.add(socket);
      return this.rooms && { rooms: this.rooms, document };
    };
    this.WebSocket = class extends SimulatedSocket {
      constructor() {
        super(connect, random, faulty);
      }
    };
  }

  /** Lets something happen on one connection. False when nothing is under way. */
  step(): boolean {
    const busy = [...this.#sockets].filter((socket) => socket.busy);
    const socket = busy[Math.floor(this.#random() * busy.length)];
    if (socket === undefined) return false;
    socket.step();
    if (socket.readyState === CLOSED) this.#sockets.delete(socket);
    return true;
  }

  /** One connection breaks; what was under way is lost. */
  cutOne(): void {
    const sockets = [...this.#sockets];
    const socket = sockets[Math.floor(this.#random() * sockets.length)];
    if (socket === undefined) return;
    socket.break();
    this.#sockets.delete(socket);
  }

  /** All connections break; what was under way is lost. */
  cut(): void {
    for (const socket of this.#sockets) socket.break();
    this.#sockets.clear();
  }
}

/** A client's WebSocket and, behind it, what server/connection.ts does with it. */
export class SimulatedSocket implements WebSocketLike {
  readonly OPEN = OPEN;
  binaryType = 'arraybuffer';
  readyState = CONNECTING;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly #random: Random;
  readonly #faulty: boolean;
  readonly #server: ServerEnd | undefined;
  readonly #toServer: Line;
  readonly #toClient: Line;

  constructor(
    connect: (socket: SimulatedSocket) => { rooms: Rooms; document: string } | undefined,
    random: Random,
    faulty: boolean,
  ) {
    this.#random = random;
    this.#faulty = faulty;
    this.#toClient = {
      queue: [],
      isUpdate: (bytes) => decodeBareFromServer(bytes).type === 'update',
      deliver: (bytes) => this.onmessage?.({ data: bytes.slice().buffer } as never),
    };
    const reached = connect(this);
    this.#server =
      reached &&
      new ServerEnd(
        reached.rooms,
        reached.document,
        (bytes) => this.#toClient.queue.push(bytes),
        () => this.#toClient.queue.length,
      );
    this.#toServer = {
      queue: [],
      isUpdate: (bytes) => decodeBareFromClient(bytes).type === 'update',
      deliver: (bytes) => this.#server?.receive(bytes.slice()),
    };
  }

  get busy(): boolean {
    return this.readyState === CONNECTING || this.#server?.closing !== undefined || this.#movable().length > 0;
  }

  step(): void {
    if (this.readyState === CONNECTING) {
      if (this.#server === undefined) return this.break();
      this.readyState = OPEN;
      this.onopen?.({} as never);
      return;
    }
    const lines = this.#movable();
    const line = lines[Math.floor(this.#random() * lines.length)];
    if (line) this.#advance(line);
    else if (this.#server?.closing) this.#closed(this.#server.closing);
  }

  send(data: Uint8Array): void {
    if (this.readyState === OPEN) this.#toServer.queue.push(data.slice());
  }

  close(): void {
    // What was sent before the end still arrives, as on a real one.
    for (const bytes of this.#toServer.queue.splice(0)) this.#toServer.deliver(bytes);
    this.#server?.leave();
    this.readyState = CLOSED;
  }

  /** The connection ends without a word; what was under way is lost. */
  break(): void {
    this.#server?.leave();
    this.#closed({ code: ABNORMAL, reason: '' });
  }

  #movable(): Line[] {
    const lines = this.#server?.waiting ? [this.#toClient] : [this.#toClient, this.#toServer];
    return lines.filter(({ queue }) => queue.length > 0);
  }

  #advance({ queue, isUpdate, deliver }: Line): void {
    const [first, second] = queue;
    if (first === undefined) return;
    if (this.#faulty && this.#random() < FAULT_RATE && isUpdate(first)) {
      if (second !== undefined && isUpdate(second)) queue.splice(0, 2, second, first);
      else deliver(first); // and again, later
      return;
    }
    queue.shift();
    deliver(first);
    if (queue === this.#toClient.queue && queue.length === 0) this.#server?.drained();
  }

  #closed(closed: { code: number; reason: string }): void {
    this.readyState = CLOSED;
    this.onclose?.({ ...closed, wasClean: false } as never);
  }
}

/** The server's end of a connection. */
class ServerEnd implements RoomPeer {
  readonly access = 'write';
  readonly user = null;
  readonly countsEdits = false;
  readonly #backlog: () => number;
  /** Something has to wait, for the room to open or to be read; nothing more is read meanwhile. */
  waiting = false;
  /** How the server closes, once all that it sent has arrived. */
  closing: { code: number; reason: string } | undefined;
  readonly #rooms: Rooms;
  readonly #document: string;
  readonly #write: (bytes: Uint8Array) => void;
  #wire: Wire = wireFor({ extended: false, compresses: false });
  #room: Room | undefined;
  #left = false;

  constructor(rooms: Rooms, document: string, write: (bytes: Uint8Array) => void, backlog: () => number) {
    this.#backlog = backlog;
    this.#rooms = rooms;
    this.#document = document;
    this.#write = write;
  }

  get congested(): boolean {
    return this.#backlog() > CONGESTED_AT;
  }

  drained(): void {
    this.#room?.drained(this);
  }

  receive(bytes: Uint8Array): void {
    if (this.closing || this.#left) return;
    const message = decodeBareFromClient(bytes);
    if (this.waiting) return; // the client closed while a message was being served
    const work = this.#room ? this.#tell(this.#room, message) : this.#open(message);
    if (!work) return;
    this.waiting = true;
    work
      .catch((error: ScriptoriumError) => this.close(error))
      .finally(() => {
        this.waiting = false;
      });
  }

  async #open(first: ClientMessage): Promise<void> {
    const hello = first.type === 'hello' ? first.hello : undefined;
    if (hello) this.#wire = wireFor({ extended: true, compresses: false });
    await this.#rooms.use(this.#document, async (room) => {
      if (this.#left) return;
      room.join(this, hello);
      this.#room = room;
      if (!hello) await this.#tell(room, first);
    });
  }

  #tell(room: Room, message: ClientMessage): void | Promise<void> {
    if (message.type === 'hello' || message.type === 'token') throw new TypeError(`Nobody says ${message.type} here.`);
    return room.receive(this, message);
  }

  send({ messages }: Parameters<RoomPeer['send']>[0]): void {
    for (const message of messages) if (this.#wire.frames(message).length > 0) this.#write(encodeBare(message));
  }

  close({ code }: ScriptoriumError): void {
    this.closing = { code: ERRORS[code].close, reason: wireCode(code) };
  }

  leave(): void {
    this.#left = true;
    this.#room?.leave(this);
  }
}
