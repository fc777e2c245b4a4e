import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { ScriptoriumError } from './errors.ts';
import { parseEvent, parseHello, parseRefusal, parseToken, parseWelcome } from './extension.ts';
import {
  type ClientMessage,
  type CommonMessage,
  MESSAGE_TYPE,
  type ServerMessage,
  type SharedMessage,
  SYNC_TYPE,
  type SyncMessage,
} from './message.ts';
import { readBytes, readCount, readText } from './read.ts';

/** The only sub-type of auth that a server sends on the bare framing, as y-protocols/auth numbers it. */
const AUTH_DENIED = 0;

/** Writes one message; whatever frames it (bare or addressed) has been written before. */
export function writeMessage(encoder: encoding.Encoder, message: ClientMessage | ServerMessage): void {
  switch (message.type) {
    case 'sync-step-1':
      return writeSync(encoder, SYNC_TYPE.step1, message.stateVector);
    case 'sync-step-2':
      return writeSync(encoder, SYNC_TYPE.step2, message.update);
    case 'update':
      return writeSync(encoder, SYNC_TYPE.update, message.update);
    case 'awareness':
      encoding.writeVarUint(encoder, MESSAGE_TYPE.awareness);
      return encoding.writeVarUint8Array(encoder, message.update);
    case 'query-awareness':
      return encoding.writeVarUint(encoder, MESSAGE_TYPE.queryAwareness);
    case 'auth-denied':
      encoding.writeVarUint(encoder, MESSAGE_TYPE.auth);
      encoding.writeVarUint(encoder, AUTH_DENIED);
      return encoding.writeVarString(encoder, message.reason);
    case 'sync-status':
      encoding.writeVarUint(encoder, MESSAGE_TYPE.syncStatus);
      return encoding.writeVarUint8Array(encoder, message.payload);
    case 'hello':
      return writeJson(encoder, MESSAGE_TYPE.hello, message.hello);
    case 'welcome':
      return writeJson(encoder, MESSAGE_TYPE.hello, message.welcome);
    case 'position':
      encoding.writeVarUint(encoder, MESSAGE_TYPE.position);
      return encoding.writeVarUint(encoder, message.seq);
    case 'refusal':
      return writeJson(encoder, MESSAGE_TYPE.refusal, message.refusal);
    case 'event':
      return writeJson(encoder, MESSAGE_TYPE.event, message.event);
    case 'token':
      return writeJson(encoder, MESSAGE_TYPE.token, { token: message.token });
  }
}

/**
 * Reads one message as a server gets it.
 * @throws ScriptoriumError MALFORMED_MESSAGE, UNKNOWN_MESSAGE_TYPE
 */
export function readClientMessage(decoder: decoding.Decoder): ClientMessage {
  const type = readCount(decoder);
  if (type === MESSAGE_TYPE.hello) return { type: 'hello', hello: parseHello(readText(decoder)) };
  if (type === MESSAGE_TYPE.token) return { type: 'token', token: parseToken(readText(decoder)) };
  if (type === MESSAGE_TYPE.queryAwareness && decoding.hasContent(decoder)) return readAnsweredQuery(decoder);
  return readSharedMessage(type, decoder);
}

/** A y-sweet client answers a query of awareness with a query that has its states. */
function readAnsweredQuery(decoder: decoding.Decoder): ClientMessage {
  const update = readBytes(decoder);
  if (update.length === 0) throw new ScriptoriumError('MALFORMED_MESSAGE', 'Malformed message: no awareness in it.');
  return { type: 'awareness', update };
}

/**
 * Reads one message as a client gets it.
 * @throws ScriptoriumError MALFORMED_MESSAGE, UNKNOWN_MESSAGE_TYPE
 */
export function readServerMessage(decoder: decoding.Decoder): ServerMessage {
  const type = readCount(decoder);
  switch (type) {
    case MESSAGE_TYPE.auth:
      if (readCount(decoder) !== AUTH_DENIED) throw unknownType('auth sub-type');
      return { type: 'auth-denied', reason: readText(decoder) };
    case MESSAGE_TYPE.hello:
      return { type: 'welcome', welcome: parseWelcome(readText(decoder)) };
    case MESSAGE_TYPE.position:
      return { type: 'position', seq: readCount(decoder) };
    case MESSAGE_TYPE.refusal:
      return { type: 'refusal', refusal: parseRefusal(readText(decoder)) };
    case MESSAGE_TYPE.event:
      return { type: 'event', event: parseEvent(readText(decoder)) };
    default:
      return readSharedMessage(type, decoder);
  }
}

function readSharedMessage(type: number, decoder: decoding.Decoder): SharedMessage {
  if (type === MESSAGE_TYPE.syncStatus) return { type: 'sync-status', payload: readBytes(decoder) };
  return readCommonMessage(type, decoder);
}

/**
 * The rest of a message that all framings have.
 * @throws ScriptoriumError MALFORMED_MESSAGE, UNKNOWN_MESSAGE_TYPE
 */
export function readCommonMessage(type: number, decoder: decoding.Decoder): CommonMessage {
  switch (type) {
    case MESSAGE_TYPE.sync:
      return readSync(decoder);
    case MESSAGE_TYPE.awareness:
      return { type: 'awareness', update: readBytes(decoder) };
    case MESSAGE_TYPE.queryAwareness:
      return { type: 'query-awareness' };
    default:
      throw unknownType('message type');
  }
}

/** Reads the body of a sync message. @throws ScriptoriumError MALFORMED_MESSAGE, UNKNOWN_MESSAGE_TYPE */
function readSync(decoder: decoding.Decoder): SyncMessage {
  switch (readCount(decoder)) {
    case SYNC_TYPE.step1:
      return { type: 'sync-step-1', stateVector: readBytes(decoder) };
    case SYNC_TYPE.step2:
      return { type: 'sync-step-2', update: readBytes(decoder) };
    case SYNC_TYPE.update:
      return { type: 'update', update: readBytes(decoder) };
    default:
      throw unknownType('sync sub-type');
  }
}

function writeSync(encoder: encoding.Encoder, step: number, body: Uint8Array): void {
  encoding.writeVarUint(encoder, MESSAGE_TYPE.sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, body);
}

function writeJson(encoder: encoding.Encoder, type: number, body: object): void {
  encoding.writeVarUint(encoder, type);
  encoding.writeVarString(encoder, JSON.stringify(body));
}

export function unknownType(what: string): ScriptoriumError {
  return new ScriptoriumError('UNKNOWN_MESSAGE_TYPE', `Unknown ${what}.`);
}
