export type { Access, DocumentEvent, Refusal } from '../protocol/index.ts';
export type { WebSocketConstructor } from './connection.ts';
export type { Closed, ProviderEvents, SavedState, Status } from './events.ts';
export type { ProviderOptions, Token } from './options.ts';
export { ScriptoriumProvider } from './provider.ts';
