import * as decoding from 'lib0/decoding';
import { readClientMessage, readServerMessage, writeMessage } from './codec.ts';
import type { ClientMessage, ServerMessage } from './message.ts';
import { readEnd } from './read.ts';
import { writeScratch } from './scratch.ts';

// The bare framing, `y-websocket`'s: one document a connection, a WebSocket message is a message and nothing else.

/** One message as the bytes of one WebSocket message. */
export function encodeBare(message: ClientMessage | ServerMessage): Uint8Array {
  return encodeBareScratch(message).slice();
}

/** The same in bytes that hold until the next call of anything that encodes; whoever keeps them copies them. */
export function encodeBareScratch(message: ClientMessage | ServerMessage): Uint8Array {
  return writeScratch((encoder) => writeMessage(encoder, message));
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
