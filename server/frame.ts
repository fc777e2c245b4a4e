const FIN = 0x80;
const COMPRESSED = 0x40;
const BINARY = 0x02;
const CONTINUATION = 0x00;
const MAX_LENGTH_7 = 125;
const MAX_LENGTH_16 = 0xffff;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** A message with more bytes goes out in fragments of so many, so that a socket takes it piece by piece. */
const FRAGMENT_BYTES = 64 * 1024;

/**
 * A binary WebSocket message as a server sends it, unmasked (RFC 6455, sections 5.2 and 5.4): one frame, or where it is
 * large several, between which control frames may be sent, but no other message. The payload may be compressed.
 */
export function webSocketFrames(payload: Uint8Array, isCompressed = false): Uint8Array[] {
  const first = isCompressed ? BINARY | COMPRESSED : BINARY;
  if (payload.length <= FRAGMENT_BYTES) return [frameOf(FIN | first, payload)];
  const frames: Uint8Array[] = [];
  let at = 0;
  do {
    const fragment = payload.subarray(at, at + FRAGMENT_BYTES);
    const isLast = at + FRAGMENT_BYTES >= payload.length;
    frames.push(frameOf((isLast ? FIN : 0) | (at === 0 ? first : CONTINUATION), fragment));
    at += FRAGMENT_BYTES;
  } while (at < payload.length);
  return frames;
}

function frameOf(first: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const headerLength = length <= MAX_LENGTH_7 ? 2 : length <= MAX_LENGTH_16 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = first;
  if (headerLength === 2) {
    frame[1] = length;
  } else if (headerLength === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(payload, headerLength);
  return frame;
}
