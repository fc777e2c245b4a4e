import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import {
  ADDRESSED_TYPE,
  type AddressedClientMessage,
  type AddressedServerMessage,
  AUTH_TYPE,
} from './addressed-message.ts';
import { readCommonMessage, unknownType, writeMessage } from './codec.ts';
import { ScriptoriumError } from './errors.ts';
import { readCount, readEnd, readText } from './read.ts';
import { writeScratch } from './scratch.ts';

// The addressed framing, Hocuspocus': many documents a connection, and every message begins with its address.

/** The longest address, in bytes of UTF-8: the longest name of a document, and room for a session. */
export const MAX_ADDRESS_BYTES = 2048;
const SEPARATOR = '\0';

/** A message and where it belongs, as the client spells it. */
export interface Addressed<M> {
  readonly address: string;
  readonly message: M;
}

/** The document of an address: that, or `document NUL session`. */
export function documentOfAddress(address: string): string {
  const end = address.indexOf(SEPARATOR);
  return end === -1 ? address : address.slice(0, end);
}

/** The byte that asks whether anybody is there, without an address. */
export const PING = Uint8Array.of(ADDRESSED_TYPE.ping);
/** The answer to a ping. */
export const PONG = Uint8Array.of(ADDRESSED_TYPE.pong);

/**
 * What a client sent. Byte fields of the result are views into `bytes`.
 * @throws ScriptoriumError MALFORMED_MESSAGE, UNKNOWN_MESSAGE_TYPE
 */
export function decodeAddressedFromClient(bytes: Uint8Array): Addressed<AddressedClientMessage> | 'ping' | 'pong' {
  return decodeAddressed(bytes, readFromClient);
}

/**
 * What a server sent. Byte fields of the result are views into `bytes`.
 * @throws ScriptoriumError MALFORMED_MESSAGE, UNKNOWN_MESSAGE_TYPE
 */
export function decodeAddressedFromServer(bytes: Uint8Array): Addressed<AddressedServerMessage> | 'ping' | 'pong' {
  return decodeAddressed(bytes, readFromServer);
}

/** One message as the bytes of one WebSocket message. */
export function encodeAddressed(address: string, message: AddressedClientMessage | AddressedServerMessage): Uint8Array {
  return encodeAddressedScratch(address, message).slice();
}

/** The same in bytes that hold until the next call of anything that encodes; whoever keeps them copies them. */
export function encodeAddressedScratch(
  address: string,
  message: AddressedClientMessage | AddressedServerMessage,
): Uint8Array {
  return writeScratch((encoder) => {
    encoding.writeVarString(encoder, address);
    writeAddressed(encoder, message);
  });
}

function decodeAddressed<M>(bytes: Uint8Array, read: (decoder: decoding.Decoder) => M): Addressed<M> | 'ping' | 'pong' {
  if (bytes.length === 1 && bytes[0] === ADDRESSED_TYPE.ping) return 'ping';
  if (bytes.length === 1 && bytes[0] === ADDRESSED_TYPE.pong) return 'pong';
  const decoder = decoding.createDecoder(bytes);
  const address = readAddress(decoder);
  const message = read(decoder);
  readEnd(decoder);
  return { address, message };
}

function readAddress(decoder: decoding.Decoder): string {
  const length = readCount(decoder);
  if (length > MAX_ADDRESS_BYTES) {
    throw new ScriptoriumError('MALFORMED_MESSAGE', `An address has at most ${MAX_ADDRESS_BYTES} bytes.`);
  }
  decoder.pos = 0;
  return readText(decoder);
}

function readFromClient(decoder: decoding.Decoder): AddressedClientMessage {
  const type = readCount(decoder);
  switch (type) {
    case ADDRESSED_TYPE.auth: {
      if (readCount(decoder) !== AUTH_TYPE.token) throw unknownType('auth sub-type');
      const token = readText(decoder);
      return decoding.hasContent(decoder)
        ? { type: 'token', token, version: readText(decoder) }
        : { type: 'token', token };
    }
    case ADDRESSED_TYPE.stateless:
      return { type: 'stateless', payload: readText(decoder) };
    case ADDRESSED_TYPE.close:
      return { type: 'close' };
    default:
      return readCommonMessage(type, decoder);
  }
}

function readFromServer(decoder: decoding.Decoder): AddressedServerMessage {
  const type = readCount(decoder);
  switch (type) {
    case ADDRESSED_TYPE.auth:
      return readServerAuth(decoder);
    case ADDRESSED_TYPE.stateless:
      return { type: 'stateless', payload: readText(decoder) };
    case ADDRESSED_TYPE.close:
      return { type: 'close', reason: readText(decoder) };
    case ADDRESSED_TYPE.editStatus:
      return { type: 'edit-status', taken: readCount(decoder) === 1 };
    default:
      return readCommonMessage(type, decoder);
  }
}

function readServerAuth(decoder: decoding.Decoder): AddressedServerMessage {
  switch (readCount(decoder)) {
    case AUTH_TYPE.token:
      return { type: 'token-request' };
    case AUTH_TYPE.denied:
      return { type: 'permission-denied', reason: readText(decoder) };
    case AUTH_TYPE.authenticated:
      return { type: 'authenticated', scope: readText(decoder) === 'readonly' ? 'readonly' : 'read-write' };
    default:
      throw unknownType('auth sub-type');
  }
}

function writeAddressed(encoder: encoding.Encoder, message: AddressedClientMessage | AddressedServerMessage): void {
  switch (message.type) {
    case 'token':
      writeAuth(encoder, AUTH_TYPE.token, message.token);
      if (message.version !== undefined) encoding.writeVarString(encoder, message.version);
      return;
    case 'token-request':
      return writeAuth(encoder, AUTH_TYPE.token);
    case 'permission-denied':
      return writeAuth(encoder, AUTH_TYPE.denied, message.reason);
    case 'authenticated':
      return writeAuth(encoder, AUTH_TYPE.authenticated, message.scope);
    case 'stateless':
      encoding.writeVarUint(encoder, ADDRESSED_TYPE.stateless);
      return encoding.writeVarString(encoder, message.payload);
    case 'edit-status':
      encoding.writeVarUint(encoder, ADDRESSED_TYPE.editStatus);
      return encoding.writeVarUint(encoder, message.taken ? 1 : 0);
    case 'close':
      encoding.writeVarUint(encoder, ADDRESSED_TYPE.close);
      if ('reason' in message) encoding.writeVarString(encoder, message.reason);
      return;
    default:
      return writeMessage(encoder, message);
  }
}

function writeAuth(encoder: encoding.Encoder, subType: number, text?: string): void {
  encoding.writeVarUint(encoder, ADDRESSED_TYPE.auth);
  encoding.writeVarUint(encoder, subType);
  if (text !== undefined) encoding.writeVarString(encoder, text);
}
