import { connect, type Socket } from 'node:net';
import { clientFrames, FrameReader, pongFrame } from './frame-reader.ts';
import { type MarkerListener, MarkerScanner } from './marker.ts';

/** Told what comes. `onMessage` gets the beginning of each message, as long as the client keeps any of it. */
export interface ClientListener extends MarkerListener {
  onMessage?(beginning: Buffer): void;
  /** The connection is gone, and it was not the client that ended it. */
  onLost?(): void;
}

/** Enough of a message to see what it is, whatever the address before it. */
export const BEGINNING_BYTES = 128;
const READ_BYTES = 1 << 18;
/** Sockets read one after another, and nobody keeps what was read. */
const readBuffer = Buffer.alloc(READ_BYTES);
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * A WebSocket client that costs little: the load generator has one core for hundreds of them. It puts no messages
 * together; it looks for markers in them and tells how each begins.
 */
export class Client {
  readonly #socket: Socket;
  readonly #scanner: MarkerScanner;
  readonly #reader: FrameReader;
  readonly #listener: ClientListener;
  readonly #opened: Promise<void>;
  #resolveOpened: (() => void) | undefined;
  #head: Buffer | undefined = Buffer.alloc(0);
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #left = false;
  /** How much of each message `onMessage` gets; 0 turns it off. */
  keepBytes = BEGINNING_BYTES;
  /** When what is being handled was read, in milliseconds of the process' clock. */
  readAt = 0;

  constructor(port: number, path: string, listener: ClientListener) {
    this.#listener = listener;
    this.#scanner = new MarkerScanner(listener);
    this.#reader = new FrameReader({
      onPayload: (bytes, from, to) => {
        if (this.#keptBytes < this.keepBytes) {
          const end = Math.min(to, from + this.keepBytes - this.#keptBytes);
          this.#kept.push(Buffer.from(bytes.subarray(from, end)));
          this.#keptBytes += end - from;
        }
        this.#scanner.scan(bytes, from, to);
      },
      onMessage: () => {
        this.#scanner.reset();
        if (this.#keptBytes === 0) return;
        const [first] = this.#kept;
        const message = this.#kept.length === 1 && first ? first : Buffer.concat(this.#kept);
        this.#kept = [];
        this.#keptBytes = 0;
        this.#listener.onMessage?.(message);
      },
      onPing: (payload) => this.#socket.write(pongFrame(payload)),
      onClose: () => this.#socket.destroy(),
    });
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: { buffer: readBuffer, callback: (length, bytes) => this.#read(bytes as Buffer, length) },
    });
    this.#opened = new Promise((resolve, reject) => {
      this.#resolveOpened = resolve;
      this.#socket.once('close', () => {
        reject(new Error('The server closed a connection.'));
        if (!this.#left) listener.onLost?.();
      });
    });
    this.#opened.catch(() => {});
    this.#socket.on('error', () => {}); // 'close' follows
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
  }

  /** Resolves when messages can be sent. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  get bytesReceived(): number {
    return this.#socket.bytesRead;
  }

  get bytesSent(): number {
    return this.#socket.bytesWritten;
  }

  /** Sends messages with one write. */
  send(...messages: readonly Uint8Array[]): void {
    this.#socket.write(clientFrames(messages));
  }

  /** Ends the connection. */
  leave(): void {
    this.#left = true;
    this.#socket.destroy();
  }

  #read(bytes: Buffer, length: number): boolean {
    this.readAt = performance.now();
    if (this.#head === undefined) this.#reader.read(bytes, 0, length);
    else this.#readHead(Buffer.concat([this.#head, bytes.subarray(0, length)]));
    return true;
  }

  #readHead(bytes: Buffer): void {
    this.#head = bytes;
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) return;
    this.#head = undefined;
    if (!bytes.subarray(0, end).toString().startsWith('HTTP/1.1 101')) {
      this.#socket.destroy();
      return;
    }
    this.#resolveOpened?.();
    this.#reader.read(bytes, end + HEAD_END.length, bytes.length);
  }
}
