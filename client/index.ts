export type { Access, DocumentEvent, Refusal } from '../protocol/index.ts';
export type { WebSocketConstructor } from './connection.ts';
export { type Closed, DOCUMENT_REPLACED, type ProviderEvents, type SavedState, type Status } from './events.ts';
export type { DeviceTrouble } from './local-copy.ts';
export { deleteCopy, hasCopy } from './offline-copies.ts';
export type { ProviderOptions, Token } from './options.ts';
export { type OutboxOptions, sendUnsent, unsentDocuments } from './outbox.ts';
export { ScriptoriumProvider } from './provider.ts';
