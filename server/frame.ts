const FIN_BINARY = 0x82;
const MAX_LENGTH_7 = 125;
const MAX_LENGTH_16 = 0xffff;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** One whole binary WebSocket message as a server sends it: unmasked and uncompressed (RFC 6455, section 5.2). */
export function webSocketFrame(payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const headerLength = length <= MAX_LENGTH_7 ? 2 : length <= MAX_LENGTH_16 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = FIN_BINARY;
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
