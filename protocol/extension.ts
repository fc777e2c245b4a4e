import { type Access, isAccess } from './access.ts';
import { type Refusal, ScriptoriumError } from './errors.ts';
import { isObject, parseJsonObject } from './json.ts';

/** The version of the extensions below that this program speaks. */
export const PROTOCOL_VERSION = 1;

/** A place in a document's log: all entries up to `seq` of the log that `epoch` names. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** What a client that speaks the extensions says first. */
export interface ClientHello {
  readonly protocol: number;
  readonly token?: string;
  /** The version of the schema that it edits with. Absent for a client that has none. */
  readonly schema?: number;
  /** What the client has already; it is then sent only what came after. */
  readonly resume?: Position;
}

/** Bounds that the server holds a client to. */
export interface PeerLimits {
  /** The largest message the server takes, in bytes. */
  readonly maxMessageBytes: number;
  /** A connection on which nothing comes for three times as long is dead, in milliseconds. */
  readonly heartbeatMs: number;
}

/** A person or a program, as the server knows it. */
export interface PeerUser {
  readonly id: string;
  readonly name?: string;
}

/** The server's answer to a hello. */
export interface Welcome extends Position {
  readonly protocol: number;
  readonly access: Access;
  /** Whom the server takes the client for; null for an anonymous one. */
  readonly user: PeerUser | null;
  readonly limits: PeerLimits;
}

/** What happened to the document beside its content; `type` says what. */
export interface DocumentEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** @throws ScriptoriumError MALFORMED_MESSAGE */
export function parseHello(json: string): ClientHello {
  const value = parseObject(json);
  const { protocol, token, schema, resume } = value;
  if (!isCount(protocol)) throw malformed('hello.protocol is not a whole number');
  if (token !== undefined && typeof token !== 'string') throw malformed('hello.token is not a string');
  if (schema !== undefined && !isCount(schema)) throw malformed('hello.schema is not a whole number');
  return {
    protocol,
    ...(token !== undefined && { token }),
    ...(schema !== undefined && { schema }),
    ...(resume !== undefined && { resume: parsePosition(resume) }),
  };
}

/** The token in a token message. @throws ScriptoriumError MALFORMED_MESSAGE */
export function parseToken(json: string): string {
  const { token } = parseObject(json);
  if (typeof token !== 'string') throw malformed('token is not a string');
  return token;
}

/** @throws ScriptoriumError MALFORMED_MESSAGE */
export function parseWelcome(json: string): Welcome {
  const value = parseObject(json);
  const { protocol, access, user, limits } = value;
  if (!isCount(protocol)) throw malformed('welcome.protocol is not a whole number');
  if (!isAccess(access)) throw malformed('welcome.access is not an access');
  return {
    protocol,
    ...parsePosition(value),
    access,
    user: parseUser(user),
    limits: parseLimits(limits),
  };
}

/** @throws ScriptoriumError MALFORMED_MESSAGE */
export function parseRefusal(json: string): Refusal {
  const { code, message, retry, retryAfterMs } = parseObject(json);
  if (typeof code !== 'string' || typeof message !== 'string' || typeof retry !== 'boolean') {
    throw malformed('the refusal is not complete');
  }
  return { code, message, retry, ...(isCount(retryAfterMs) && { retryAfterMs }) };
}

/** @throws ScriptoriumError MALFORMED_MESSAGE */
export function parseEvent(json: string): DocumentEvent {
  const value = parseObject(json);
  const { type } = value;
  if (typeof type !== 'string') throw malformed('event.type is not a string');
  return { ...value, type };
}

function parsePosition(value: unknown): Position {
  if (!isObject(value)) throw malformed('the position is not an object');
  const { epoch, seq } = value;
  if (typeof epoch !== 'string' || !isCount(seq)) throw malformed('the position is not {epoch, seq}');
  return { epoch, seq };
}

function parseLimits(value: unknown): PeerLimits {
  if (!isObject(value)) throw malformed('welcome.limits is not an object');
  const { maxMessageBytes, heartbeatMs } = value;
  if (!isCount(maxMessageBytes) || !isCount(heartbeatMs)) throw malformed('welcome.limits is not complete');
  return { maxMessageBytes, heartbeatMs };
}

function parseUser(value: unknown): Welcome['user'] {
  if (value === null || value === undefined) return null;
  if (!isObject(value) || typeof value['id'] !== 'string') throw malformed('welcome.user has no id');
  const { id, name } = value;
  return typeof name === 'string' ? { id, name } : { id };
}

function parseObject(json: string): Record<string, unknown> {
  try {
    return parseJsonObject(json);
  } catch (cause) {
    throw malformed('the body is not a JSON object', cause);
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(what: string, cause?: unknown): ScriptoriumError {
  return new ScriptoriumError('MALFORMED_MESSAGE', `Malformed message: ${what}.`, { cause });
}
