import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import {
  type ClientHello,
  type ClientMessage,
  decodeBareFromServer,
  encodeBare,
  type ServerMessage,
} from '../../protocol/index.ts';

/** How a client comes in: as `y-websocket` does, with its token in the query, or with a hello of ours. */
export type Way = 'stock' | 'hello';

/** A client that says only what it is told to. It does not outlive the test. */
export class RawClient {
  /** What the server has sent so far. */
  readonly received: ServerMessage[] = [];
  /** How the server ended it. */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.received.push(decodeBareFromServer(new Uint8Array(data as Buffer))));
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
    onTestFinished(() => socket.terminate());
  }

  /** Connects to a document and, one with a hello, says it. */
  static async connect(way: Way, syncUrl: string, document: string, token?: string, hello: Partial<ClientHello> = {}) {
    const query = way === 'stock' && token !== undefined ? `?token=${token}` : '';
    const socket = new WebSocket(`${syncUrl}/${encodeURIComponent(document)}${query}`);
    const client = new RawClient(socket);
    await once(socket, 'open');
    if (way === 'hello') {
      client.send({ type: 'hello', hello: { protocol: 1, ...(token !== undefined && { token }), ...hello } });
    }
    return client;
  }

  send(message: ClientMessage): void {
    this.sendBytes(encodeBare(message));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  /** Waits until the server has seen all that was sent. */
  async settle(): Promise<void> {
    const answers = (): number => this.count('awareness');
    const before = answers();
    this.send({ type: 'query-awareness' });
    await expect.poll(answers).toBeGreaterThan(before);
  }

  /** How many messages of this type have come. */
  count(type: ServerMessage['type']): number {
    return this.received.filter((message) => message.type === type).length;
  }

  end(): void {
    this.#socket.terminate();
  }
}

/** Whether the message says that something is not allowed, in the way of that client. */
export function isDenial(way: Way, code: string, message: ServerMessage): boolean {
  if (way === 'stock') return message.type === 'auth-denied' && message.reason !== '';
  return message.type === 'refusal' && message.refusal.code === code;
}
