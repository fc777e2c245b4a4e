export { createLogger, type Logger } from './logger.ts';
export { DEFAULT_LIMITS, type Limits } from './options.ts';
export type { TrustProxy } from './proxies.ts';
export {
  createServer,
  type Handler,
  type ListenOptions,
  type ScriptoriumServer,
  type ServerOptions,
} from './server.ts';
export type { TlsFiles } from './tls.ts';
