import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { asScriptoriumError, ERRORS, type ScriptoriumError, wireCode } from '../protocol/index.ts';
import { AddressedConnection } from './addressed-connection.ts';
import { Admission, type Place } from './admission.ts';
import { BareConnection } from './bare-connection.ts';
import { COMPRESSION } from './compression.ts';
import type { Connection, ConnectionContext } from './connection.ts';
import { documentOfPath } from './document-path.ts';
import { Heartbeat } from './heartbeat.ts';
import { refuseUpgrade } from './http-refusal.ts';
import { TurnQueue } from './turn-queue.ts';

const PATH = '/sync/';
const ADDRESSED_PATH = /^\/hocuspocus\/?$/;
const WEBSOCKET_TOO_LARGE = 1009;

/** A connection on its way in. */
interface Arrival {
  readonly path: string;
  readonly address: string;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  connection: Connection | undefined;
}

/** `ws` closes with 1009 when a message is larger than it may be; here that is said as every other refusal is. */
class EndpointSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === WEBSOCKET_TOO_LARGE) super.close(ERRORS.MESSAGE_TOO_LARGE.close, wireCode('MESSAGE_TOO_LARGE'));
    else super.close(code, reason);
  }
}

/** What the endpoint needs from its surroundings. */
export interface SyncEndpointContext extends ConnectionContext {
  /** Whether large messages are compressed for clients that offer it. */
  readonly compression: boolean;
}

/** `/sync/<document>` and `/hocuspocus`: WebSockets with the bare framing and with the addressed one. */
export class SyncEndpoint {
  readonly #context: SyncEndpointContext;
  readonly #webSockets: WebSocketServer;
  readonly #connections = new Set<Connection>();
  readonly #admission: Admission;
  /** After a restart all come back at once: those who are here already go on meanwhile. */
  readonly #arriving = new TurnQueue();
  readonly #heartbeat: Heartbeat;
  #stopped = false;

  constructor(context: SyncEndpointContext) {
    this.#context = context;
    this.#admission = new Admission(context.limits);
    const { maxMessageBytes, heartbeatMs } = context.limits;
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: context.compression && COMPRESSION,
      maxPayload: maxMessageBytes,
      WebSocket: EndpointSocket,
    });
    this.#heartbeat = new Heartbeat(heartbeatMs);
  }

  /** The number of open connections. */
  get size(): number {
    return this.#connections.size;
  }

  /** What all peers together have not read yet, in bytes. */
  get unreadBytes(): number {
    let sum = 0;
    for (const { unreadBytes } of this.#connections) sum += unreadBytes;
    return sum;
  }

  /** The number of connections that wait to be taken in. */
  get arriving(): number {
    return this.#arriving.size;
  }

  /** Whether the path, without the prefix that the server is mounted at, is this endpoint's. */
  serves(path: string): boolean {
    return path.startsWith(PATH) || ADDRESSED_PATH.test(path);
  }

  /**
   * Takes over an upgrade request of an address. When there is no place left, no WebSocket comes to be. A document name
   * that is none is said in the WebSocket, where a page can see it.
   */
  upgrade(path: string, address: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#arriving.size >= this.#context.limits.maxWaitingJoins) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n\r\n');
      return;
    }
    const arrival: Arrival = { path, address, request, socket, head, connection: undefined };
    try {
      const place = this.#admission.enter(address, (error) => {
        place.leave();
        arrival.connection?.stop(error);
        // It had its time: who says nothing would not answer a close either.
        socket.destroy();
      });
      leaveWith(socket, place);
      this.#arriving.push(() => this.#accept(arrival, place));
    } catch (thrown) {
      const error = asScriptoriumError(thrown);
      this.#context.metrics.refused(error.code);
      this.#context.refusals.note(error, { address }, 'an upgrade is refused');
      refuseUpgrade(socket, error);
    }
  }

  #accept(arrival: Arrival, place: Place): void {
    const { path, address, request, socket, head } = arrival;
    if (this.#stopped) {
      socket.destroy();
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      // A connection adds its own listener; without any, a broken socket would end the process.
      webSocket.on('error', ignore);
      try {
        const visitor = { request, address, place };
        const taken = ADDRESSED_PATH.test(path)
          ? new AddressedConnection(webSocket, visitor, this.#context)
          : new BareConnection(documentOfPath(path.slice(PATH.length)), webSocket, visitor, this.#context);
        arrival.connection = taken;
        this.#keep(taken, webSocket);
      } catch (thrown) {
        const { code } = asScriptoriumError(thrown);
        webSocket.close(ERRORS[code].close, wireCode(code));
      }
    });
  }

  #keep(connection: Connection, webSocket: WebSocket): void {
    this.#connections.add(connection);
    const endBeats = this.#heartbeat.add(connection);
    webSocket.on('close', () => {
      this.#connections.delete(connection);
      endBeats();
    });
  }

  /** Sends away who has not joined a room yet; the rooms do it for the others. */
  stop(error: ScriptoriumError): void {
    this.#stopped = true;
    this.#heartbeat.stop();
    for (const connection of this.#connections) connection.stop(error);
  }

  /** Ends what is still open. */
  terminate(): void {
    for (const connection of this.#connections) connection.terminate();
  }
}

function ignore(): void {}

/** Apart from where the request is known: a listener keeps alive all that could be named where it was written. */
function leaveWith(socket: Duplex, place: Place): void {
  socket.once('close', () => place.leave());
}
