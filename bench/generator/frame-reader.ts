/** Told what is in the frames of a server. */
export interface FrameListener {
  /** A piece of a data message. The bytes are only there during the call. */
  onPayload(bytes: Buffer, from: number, to: number): void;
  /** A data message ended. */
  onMessage(): void;
  onPing(payload: Buffer): void;
  onClose(): void;
}

const [TEXT, CLOSE, PING] = [0x1, 0x8, 0x9];
const FINAL = 0x80;
const MAX_HEADER = 10;

/** Finds the payloads in a stream of unmasked WebSocket frames, without putting them together. */
export class FrameReader {
  readonly #listener: FrameListener;
  /** A header of which not all has come. */
  readonly #header = Buffer.alloc(MAX_HEADER);
  #headerBytes = 0;
  /** What of the frame's payload has not come. */
  #left = 0;
  #first = 0;
  #control: Buffer[] = [];

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  read(bytes: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to) {
      if (this.#left === 0) {
        at = this.#readHeader(bytes, at, to);
        if (this.#headerBytes > 0) return;
      }
      const end = Math.min(to, at + this.#left);
      this.#left -= end - at;
      if ((this.#first & 0x0f) >= CLOSE) {
        if (end > at) this.#control.push(Buffer.from(bytes.subarray(at, end)));
        if (this.#left === 0) this.#endControl();
      } else {
        if (end > at) this.#listener.onPayload(bytes, at, end);
        if (this.#left === 0 && this.#first & FINAL) this.#listener.onMessage();
      }
      at = end;
    }
  }

  /** Reads a header and returns where it ends. If it is not all there, keeps it and waits for the rest. */
  #readHeader(bytes: Buffer, from: number, to: number): number {
    if (this.#headerBytes === 0 && to - from >= 2) {
      const size = headerSize(bytes[from + 1] as number);
      if (to - from >= size) {
        this.#parse(bytes, from);
        return from + size;
      }
    }
    let at = from;
    while (at < to) {
      this.#header[this.#headerBytes++] = bytes[at++] as number;
      if (this.#headerBytes >= 2 && this.#headerBytes === headerSize(this.#header[1] as number)) {
        this.#headerBytes = 0;
        this.#parse(this.#header, 0);
        break;
      }
    }
    return at;
  }

  #parse(header: Buffer, at: number): void {
    this.#first = header[at] as number;
    if ((this.#first & 0x0f) === TEXT) throw new Error('a text message: no server of the bench sends one');
    const length = header[at + 1] as number;
    if (length < 126) this.#left = length;
    else if (length === 126) this.#left = header.readUInt16BE(at + 2);
    else this.#left = Number(header.readBigUInt64BE(at + 2));
  }

  #endControl(): void {
    const payload = Buffer.concat(this.#control.splice(0));
    const opcode = this.#first & 0x0f;
    if (opcode === PING) this.#listener.onPing(payload);
    else if (opcode === CLOSE) this.#listener.onClose();
  }
}

function headerSize(length: number): number {
  if (length < 126) return 2;
  return length === 126 ? 4 : MAX_HEADER;
}

const BINARY = 0x2;
const PONG = 0xa;
/** Any key will do; one of zeros would spare the server the work. */
const MASK = [0x5c, 0x21, 0xe7, 0x9a] as const;

/** Binary messages as a client sends them: masked, one frame each, in one buffer. */
export function clientFrames(messages: readonly Uint8Array[]): Buffer {
  const sizes = messages.map(({ length }) => (length < 126 ? 6 : length < 0x10000 ? 8 : 14) + length);
  const frames = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const message of messages) at = writeFrame(frames, at, BINARY, message);
  return frames;
}

/** The answer to a ping. */
export function pongFrame(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(6 + payload.length);
  writeFrame(frame, 0, PONG, payload);
  return frame;
}

function writeFrame(into: Buffer, from: number, opcode: number, payload: Uint8Array): number {
  const { length } = payload;
  let at = from;
  into[at++] = FINAL | opcode;
  if (length < 126) {
    into[at++] = 0x80 | length;
  } else if (length < 0x10000) {
    into[at++] = 0x80 | 126;
    at = into.writeUInt16BE(length, at);
  } else {
    into[at++] = 0x80 | 127;
    at = into.writeBigUInt64BE(BigInt(length), at);
  }
  for (const byte of MASK) into[at++] = byte;
  for (let i = 0; i < length; i++) into[at++] = (payload[i] as number) ^ (MASK[i & 3] as number);
  return at;
}
