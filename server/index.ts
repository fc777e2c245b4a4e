export type { Access } from '../protocol/index.ts';
export type { AccessLimits, AccessOptions } from './access/access-control.ts';
export type { Target } from './access/access-state.ts';
export type { AuditDestination } from './access/audit-log.ts';
export type { Authenticate, Authorize } from './access/authenticator.ts';
export type { TokenOptions } from './access/token-key.ts';
export type { Credentials, User } from './access/user.ts';
export type { LoadDocument, LoadedDocument } from './document-loader.ts';
export { type FallbackOptions, fallbackFetch } from './fallback-fetch.ts';
export { createLogger, type Logger } from './logger.ts';
export { DEFAULT_LIMITS, type Limits } from './options.ts';
export type { TrustProxy } from './proxies.ts';
export type { Seed } from './seed.ts';
export {
  createServer,
  type Handler,
  type ListenOptions,
  type ScriptoriumServer,
  type ServerOptions,
} from './server.ts';
export type { TlsFiles } from './tls.ts';
