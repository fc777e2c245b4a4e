import type { AccessLimits } from './access/access-control.ts';
import type { AdmissionLimits } from './admission.ts';
import type { CompactorLimits } from './compactor.ts';
import type { LoadLimits } from './document-loader.ts';
import type { LogLimits } from './document-log.ts';
import type { FileLimits } from './files/file-store.ts';
import type { HttpLimits } from './http-server.ts';
import type { IntakeLimits } from './intake.ts';
import type { RoomLimits } from './room.ts';

/** Bounds of the server. Each can be set in the `limits` of its options. */
export interface Limits
  extends AdmissionLimits,
    IntakeLimits,
    HttpLimits,
    LogLimits,
    LoadLimits,
    RoomLimits,
    CompactorLimits,
    FileLimits,
    AccessLimits {
  /** The largest WebSocket message that is taken, in bytes. Larger ones end the connection with 4413. */
  readonly maxMessageBytes: number;
  /** A peer with more unread bytes than this gets no increments; when it has read them, it is sent what it missed. */
  readonly slowPeerBytes: number;
  /** A peer that is slow and reads nothing for so long is sent away with 1013, in milliseconds. */
  readonly slowPeerTimeoutMs: number;
  /** What may wait in the socket of one peer at all, in bytes. Past it the peer is sent away with 1013. */
  readonly maxOutboxBytes: number;
  /** How often connections are pinged, in milliseconds. One that did not answer the ping before is ended. */
  readonly heartbeatMs: number;
  /** How long a new connection may say nothing, in milliseconds. Then it is closed with 4408. */
  readonly helloTimeoutMs: number;
  /**
   * What a connection may send before it has joined a document, in bytes. More closes it with 4413. Where a connection has
   * many documents, so much may wait for those that are not open yet.
   */
  readonly maxHelloBytes: number;
  /** How many documents may be open on one connection of `/hocuspocus`; more are refused by name. */
  readonly maxDocumentsPerConnection: number;
  /** Requests of the HTTP API that an address may make, a second; ten seconds' worth at once. More get 429. */
  readonly maxRequestsPerSecond: number;
  /** What may wait for the store in all documents together, in bytes; past it edits are refused. */
  readonly maxTotalPendingBytes: number;
  /** So many documents are read from the store at a time; more would keep edits from being written. */
  readonly maxConcurrentLoads: number;
  /** So many connections wait to be taken in, and so many documents to be read; who comes then is told to back off. */
  readonly maxWaitingJoins: number;
  /** So much of the documents' snapshots, and of what is made of them for those who join, stays in memory, in bytes. */
  readonly snapshotCacheBytes: number;
  /** The largest JSON body of an HTTP request, in bytes. */
  readonly maxRequestBytes: number;
  /** The largest update that is imported over HTTP, in bytes. */
  readonly maxImportBytes: number;
  /** How long `close` waits for the store and for clients, in milliseconds. */
  readonly closeTimeoutMs: number;
}

/** Every default. `Infinity` switches a bound off. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  maxMessageBytes: 16 * 1024 * 1024,
  slowPeerBytes: 1024 * 1024,
  slowPeerTimeoutMs: 30_000,
  maxOutboxBytes: 32 * 1024 * 1024,
  heartbeatMs: 15_000,
  helloTimeoutMs: 10_000,
  maxConcurrentLoads: 2,
  maxWaitingJoins: 10_000,
  snapshotCacheBytes: 48 * 1024 * 1024,
  maxHelloBytes: 256 * 1024,
  maxConnections: 10_000,
  maxConnectionsPerAddress: 1_000,
  maxConnectionsPerUser: 200,
  maxMessagesPerSecond: 1_000,
  maxBytesPerSecond: 2 * 1024 * 1024,
  floodTimeoutMs: 300_000,
  maxDocumentsPerConnection: 1_000,
  maxStatelessBytes: 64 * 1024,
  maxRequestsPerSecond: 100,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 120_000,
  maxRequestBytes: 64 * 1024,
  maxImportBytes: 16 * 1024 * 1024,
  maxFileBytes: 10 * 1024 * 1024,
  maxFileBytesPerDocument: 256 * 1024 * 1024,
  maxFilesPerDocument: 1_000,
  maxImagePixels: 100_000_000,
  closeTimeoutMs: 10_000,
  maxPeersPerDocument: 1_000,
  maxAwarenessBytes: 16 * 1024,
  maxAwarenessClients: 100,
  maxDocumentBytes: 64 * 1024 * 1024,
  maxPendingBytes: 16 * 1024 * 1024,
  maxTotalPendingBytes: 128 * 1024 * 1024,
  storeTimeoutMs: 5_000,
  loadTimeoutMs: 10_000,
  compactBytes: 64 * 1024,
  compactEntries: 500,
  compactionTimeoutMs: 60_000,
  compactionMemoryMb: 1024,
  hookTimeoutMs: 5_000,
  tokenWarningMs: 30_000,
  jwksMaxAgeMs: 10 * 60_000,
  jwksCooldownMs: 30_000,
});

/** The longest time that a timer of Node takes, about 25 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** The defaults with what differs from them. What is switched off becomes a number that is never reached. */
export function resolveLimits(limits: Partial<Limits> = {}): Limits {
  const resolved = Object.entries({ ...DEFAULT_LIMITS, ...limits }).map(([name, value]) => [
    name,
    Math.min(value, name.endsWith('Ms') ? LONGEST_MS : Number.MAX_SAFE_INTEGER),
  ]);
  return Object.fromEntries(resolved) as Limits;
}
