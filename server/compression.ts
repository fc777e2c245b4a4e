import type { IncomingMessage } from 'node:http';
import { constants, deflateRawSync } from 'node:zlib';
import type { PerMessageDeflateOptions, WebSocket } from 'ws';

/**
 * How compression is agreed upon (RFC 7692): each message for itself, so that what goes to many peers is compressed once
 * for all of them.
 */
export const COMPRESSION: PerMessageDeflateOptions = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
};

const SMALLER_WINDOW = /server_max_window_bits\s*=/;

/** Whether a client takes what {@link compressed} makes: it does not where it has asked for a smaller window. */
export function takesCompressed(webSocket: WebSocket, { headers }: IncomingMessage): boolean {
  const offer = headers['sec-websocket-extensions'] ?? '';
  return webSocket.extensions.includes('permessage-deflate') && !SMALLER_WINDOW.test(offer);
}

/** What a flushed block ends with, and a message leaves out (RFC 7692, section 7.2.1). */
const TAIL_BYTES = 4;

/** The payload of a compressed message. */
export function compressed(payload: Uint8Array): Uint8Array {
  const flushed = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });
  return flushed.subarray(0, flushed.length - TAIL_BYTES);
}
