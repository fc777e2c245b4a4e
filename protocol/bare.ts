import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { readClientMessage, readServerMessage, writeMessage } from './codec.ts';
import type { ClientMessage, ServerMessage } from './message.ts';
import { readEnd } from './read.ts';

// The bare framing, `y-websocket`'s: one document a connection, a WebSocket message is a message and nothing else.

/** One message as the bytes of one WebSocket message. */
export function encodeBare(message: ClientMessage | ServerMessage): Uint8Array {
  const encoder = encoding.createEncoder();
  writeMessage(encoder, message);
  return encoding.toUint8Array(encoder);
}

/**
 * What a client sent. Byte fields of the result are views into `bytes`.
 * @throws ScriptoriumError MALFORMED_MESSAGE, UNKNOWN_MESSAGE_TYPE
 */
export function decodeBareFromClient(bytes: Uint8Array): ClientMessage {
  return decodeBare(bytes, readClientMessage);
}

/**
 * What a server sent. Byte fields of the result are views into `bytes`.
 * @throws ScriptoriumError MALFORMED_MESSAGE, UNKNOWN_MESSAGE_TYPE
 */
export function decodeBareFromServer(bytes: Uint8Array): ServerMessage {
  return decodeBare(bytes, readServerMessage);
}

function decodeBare<M>(bytes: Uint8Array, read: (decoder: decoding.Decoder) => M): M {
  const decoder = decoding.createDecoder(bytes);
  const message = read(decoder);
  readEnd(decoder);
  return message;
}
