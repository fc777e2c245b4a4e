export { ACCESSES, type Access, allows, isAccess } from './access.ts';
export {
  type Addressed,
  decodeAddressedFromClient,
  decodeAddressedFromServer,
  documentOfAddress,
  encodeAddressed,
  MAX_ADDRESS_BYTES,
  PING,
  PONG,
} from './addressed.ts';
export {
  ADDRESSED_TYPE,
  type AddressedClientMessage,
  type AddressedServerMessage,
  AUTH_TYPE,
  type Stateless,
} from './addressed-message.ts';
export { type AwarenessEntry, decodeAwareness, encodeAwareness, GONE } from './awareness.ts';
export { decodeBareFromClient, decodeBareFromServer, encodeBare } from './bare.ts';
export { readClientMessage, readServerMessage, writeMessage } from './codec.ts';
export { checkDocumentName, MAX_DOCUMENT_NAME_LENGTH } from './document-name.ts';
export {
  asScriptoriumError,
  ERRORS,
  type ErrorCode,
  publicMessage,
  type Refusal,
  refusalOf,
  ScriptoriumError,
  wireCode,
} from './errors.ts';
export {
  type ClientHello,
  type DocumentEvent,
  type PeerLimits,
  type PeerUser,
  type Position,
  PROTOCOL_VERSION,
  type Welcome,
} from './extension.ts';
export { type DecodedUpdate, decodeUpdate, joinTyping, joinUpdates } from './join-updates.ts';
export { parseJsonObject } from './json.ts';
export {
  type ClientMessage,
  MESSAGE_TYPE,
  type ServerMessage,
  type SharedMessage,
  SYNC_TYPE,
  type SyncMessage,
} from './message.ts';
export {
  Coverage,
  contentOfDecoded,
  decodeForeignUpdate,
  decodeStateVector,
  decodeUpdateContent,
  decodeUpdateContentV2,
  type UpdateContent,
} from './update-content.ts';
