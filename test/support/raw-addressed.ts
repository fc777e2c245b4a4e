import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import {
  type AddressedClientMessage,
  type AddressedServerMessage,
  decodeAddressedFromServer,
  encodeAddressed,
} from '../../protocol/index.ts';

/** A client of `/hocuspocus` that says only what it is told to. It does not outlive the test. */
export class RawAddressed {
  /** What the server has said so far, with the address that it belongs to. */
  readonly received: { readonly address: string; readonly message: AddressedServerMessage }[] = [];
  /** The bare bytes that came. */
  readonly bare: ('ping' | 'pong')[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const received = decodeAddressedFromServer(new Uint8Array(data as Buffer));
      if (typeof received === 'string') this.bare.push(received);
      else this.received.push(received);
    });
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
    onTestFinished(() => socket.terminate());
  }

  static async connect(httpUrl: string, query = ''): Promise<RawAddressed> {
    const socket = new WebSocket(`${httpUrl.replace('http', 'ws')}/hocuspocus${query}`);
    const client = new RawAddressed(socket);
    await once(socket, 'open');
    return client;
  }

  say(address: string, message: AddressedClientMessage): void {
    this.socket.send(encodeAddressed(address, message));
  }

  /** The types of what the server has said of an address. */
  heard(address: string): string[] {
    return this.received.flatMap((told) => (told.address === address ? [told.message.type] : []));
  }

  /** Whether the edits of an address were taken, in the order in which that was said. */
  statuses(address: string): boolean[] {
    return this.received.flatMap((told) =>
      told.address === address && told.message.type === 'edit-status' ? [told.message.taken] : [],
    );
  }

  /** Waits until the server has seen all that was sent. */
  async settle(): Promise<void> {
    const before = this.bare.length;
    this.socket.send(Uint8Array.of(9));
    await expect.poll(() => this.bare.length).toBeGreaterThan(before);
  }
}
