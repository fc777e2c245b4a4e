import type { Server as HttpServer, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { filesBeside, LevelStorage, MemoryStorage, type Storage } from '../persistence/index.ts';
import { type Access, ScriptoriumError } from '../protocol/index.ts';
import { AccessControl, type AccessOptions } from './access/access-control.ts';
import { accessFileAt, noAccessFile } from './access/access-file.ts';
import type { Target } from './access/access-state.ts';
import { HttpAccess } from './access/http-guard.ts';
import { isLoopback } from './access/loopback.ts';
import { systemClock } from './clock.ts';
import { workerCompactor } from './compactor.ts';
import { eventLoopLoad } from './core-load.ts';
import type { LoadDocument } from './document-loader.ts';
import { FileStore } from './files/file-store.ts';
import { createApi } from './http-api.ts';
import { refuseRequest, refuseUpgrade } from './http-refusal.ts';
import { createOwnServer } from './http-server.ts';
import { type Logger, silentLogger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { checkBasePath, pathOf, restoreBody, urlBelow } from './mount.ts';
import { type Limits, resolveLimits } from './options.ts';
import { createOriginCheck } from './origin.ts';
import { BulkLane } from './outbox.ts';
import { createPage } from './page.ts';
import { addressKey, createProxies, type TrustProxy } from './proxies.ts';
import { RefusalLog } from './refusal-log.ts';
import { RequestRate } from './request-rate.ts';
import { Rooms } from './rooms.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { workerSnapshotReader } from './snapshot-reader.ts';
import { SyncEndpoint } from './sync-endpoint.ts';
import { readCredentials, type TlsFiles, watchCredentials } from './tls.ts';

/** What {@link createServer} can be told. */
export interface ServerOptions extends AccessOptions {
  /** Where documents are kept. Default: in memory, gone with the process. The server opens and closes it. */
  readonly storage?: Storage;
  /**
   * The folder for the images in documents. Default: `files` beside the documents of a `LevelStorage`, else a temporary
   * one, which goes when the server is closed.
   */
  readonly filesFolder?: string;
  /** A pino logger. Default: none. */
  readonly logger?: Logger;
  /** Where the server is mounted when it is attached to another, such as `/scriptorium`. Default: at the root. */
  readonly basePath?: string;
  /** Whether messages of a kibibyte and more are compressed for clients that offer it, as browsers do. Default: false. */
  readonly compression?: boolean;
  /** Whether `GET /metrics` tells Prometheus what the server does. Default: true; keep it from the outside in a proxy. */
  readonly metrics?: boolean;
  /** Bounds that differ from {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>;
  /**
   * Whether everybody who reaches the server may do everything, when neither `tokens` nor `authenticate` nor `authorize`
   * is given. Without this such a server answers on loopback addresses only.
   */
  readonly allowAnonymous?: boolean;
  /**
   * Origins whose pages may use the server beside its own, such as `https://example.com`, or `*` for any. Default: none.
   * Programs, which send no `Origin`, are not asked.
   */
  readonly origins?: readonly string[];
  /**
   * The proxies that are believed when they say for whom a request is (`X-Forwarded-For`, `-Host`, `-Proto`): how many in
   * a row, or their addresses. Default: none.
   */
  readonly trustProxy?: TrustProxy;
  /**
   * Asked for a document that the store does not have, when somebody opens it, once however many come at once. What it
   * answers is durable before anybody gets it; nothing means that the document is new. When it fails, or has not
   * answered for `loadTimeoutMs`, all are told to come back later (1013, `load-failed`), and nothing is made.
   */
  readonly loadDocument?: LoadDocument;
  /** Origins whose pages may show the page in a frame, such as `https://example.com`. Default: none. */
  readonly frameAncestors?: readonly string[];
}

/** Where a server listens. */
export interface ListenOptions {
  /** Default 1234. 0 takes any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** A certificate and its key, PEM files, to speak HTTPS with. They are read again when they change. */
  readonly tls?: TlsFiles;
}

/** A request handler that Node, Express, Fastify's middie and others take. */
export type Handler = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => void;

/** A sync server: WebSockets at `/sync/<document>` and `/hocuspocus`, the HTTP API, and the web page. */
export interface ScriptoriumServer {
  /**
   * Runs alone: opens the store, then listens.
   * @throws ScriptoriumError STORE_LOCKED, STORE_UNAVAILABLE; Node's error when it can't listen (EADDRINUSE, ...) or
   * can't use the certificate; TypeError when anybody would be let in from elsewhere without `allowAnonymous`
   */
  listen(options?: ListenOptions): Promise<{ readonly host: string; readonly port: number; readonly url: string }>;

  /**
   * Serves WebSockets on a server that is yours: opens the store, then takes the upgrades for `basePath`/sync and
   * `basePath`/hocuspocus and leaves all others alone. Pass `handler` to your framework for the API and the page.
   * @throws ScriptoriumError STORE_LOCKED, STORE_UNAVAILABLE
   */
  attach(server: HttpServer): Promise<void>;

  /** Answers HTTP requests under `basePath`; calls `next` for the others, or answers 404 where there is none. */
  readonly handler: Handler;

  /**
   * Sets what a user may do with a document, whatever their token or `authorize` says; null takes that back. It acts on
   * open connections at once and is kept, also over a restart, when this resolves.
   * @throws ScriptoriumError STORE_UNAVAILABLE
   */
  setAccess(set: { readonly document: string; readonly user: string; readonly access: Access | null }): Promise<void>;

  /**
   * Ends what was issued until now for a user, a document, or a user with a document: tokens, and the links to the
   * document. Open connections are closed with 4403. Tokens that are issued later count; whoever was authenticated by
   * the function `authenticate` is asked about there when they come back.
   * @throws ScriptoriumError STORE_UNAVAILABLE; TypeError without a user and a document
   */
  revoke(target: Target): Promise<void>;

  /** Asks `authorize` anew about open connections, all or those of a user or a document, and acts on the answers. */
  recheckAccess(target?: Target): Promise<void>;

  /** Takes nobody in any more, makes all that came durable, sends peers away with 1012 and closes the store. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 1234;
const DEFAULT_HOST = '127.0.0.1';
const API_PATH = /^\/(api(\/.*)?|health|ready|metrics)$/;

/**
 * Makes a server; nothing happens before `listen` or `attach`.
 * @throws TypeError when `basePath`, `origins`, `trustProxy` or `frameAncestors` hold what they can't
 */
export function createServer(options: ServerOptions = {}): ScriptoriumServer {
  const { storage = new MemoryStorage(), logger = silentLogger() } = options;
  const basePath = checkBasePath(options.basePath);
  const limits = resolveLimits(options.limits);
  const proxies = createProxies(options.trustProxy ?? false, logger);
  const checkOrigin = createOriginCheck(options.origins ?? [], proxies);
  const requestRate = new RequestRate(limits.maxRequestsPerSecond);
  const setSecurityHeaders = createSecurityHeaders({ frameAncestors: options.frameAncestors ?? [] });
  const refusals = new RefusalLog(logger);
  const compactor = workerCompactor(limits);
  const metrics = new Metrics();
  const snapshotReader = workerSnapshotReader();
  const rooms = new Rooms({
    storage,
    compactor,
    snapshotReader,
    clock: systemClock,
    coreLoad: eventLoopLoad(),
    limits,
    logger,
    metrics,
    ...(options.loadDocument && { loadDocument: options.loadDocument }),
  });
  const access = new AccessControl({
    ...options,
    file: accessFileOf(options, storage),
    clock: systemClock,
    logger,
    limits,
  });
  const files = new FileStore(filesFolderOf(options, storage), limits);
  const sync = new SyncEndpoint({
    rooms,
    access,
    limits,
    bulkLane: new BulkLane(),
    compression: options.compression ?? false,
    metrics,
    logger,
    refusals,
  });
  if (options.metrics !== false) metrics.watch({ rooms, sync });
  const api = createApi({
    rooms,
    http: new HttpAccess(access, proxies.addressOf),
    files,
    ...(options.metrics !== false && { metrics }),
    logger,
    maxRequestBytes: limits.maxRequestBytes,
    maxImportBytes: limits.maxImportBytes,
    maxFileBytes: limits.maxFileBytes,
    isReady: () => phase === 'open' && rooms.storeAnswers,
  });
  const apiListener = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  const page = createPage(basePath, (response) => setSecurityHeaders(response, 'page', proxies.isSecure(response.req)));
  let phase: 'new' | 'open' | 'closed' = 'new';
  let opened: Promise<void> | undefined;
  let own: HttpServer | undefined;
  const detach: (() => void)[] = [];

  const handler: Handler = (request, response, next) => {
    const asItCame = request.url;
    const url = urlBelow(basePath, request);
    const pass = () => {
      request.url = asItCame;
      if (next) next();
      else notFound(response);
    };
    if (url === undefined) return pass();
    if (!mayAnswer(request)) return closedToOthers(response);
    request.url = url;
    const path = pathOf(url);
    if (!API_PATH.test(path)) return page(request, response, pass);
    setSecurityHeaders(response, 'api', proxies.isSecure(request));
    const refusal = path.startsWith('/api') ? refusalOf(request) : undefined;
    if (refusal) return refuseRequest(response, refusal);
    restoreBody(request);
    apiListener(request, response).catch((error: unknown) => next?.(error));
  };

  /** Why a request of the API is not even looked at. */
  function refusalOf(request: IncomingMessage): ScriptoriumError | undefined {
    const address = addressKey(proxies.addressOf(request));
    const refusal = checkOrigin(request) ?? requestRate.count(address);
    if (refusal) refusals.note(refusal, { address }, 'a request is refused');
    return refusal;
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = urlBelow(basePath, request);
    const path = url && pathOf(url);
    if (path === undefined || !sync.serves(path)) return false;
    socket.on('error', () => socket.destroy());
    if (!mayAnswer(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return true;
    }
    const address = addressKey(proxies.addressOf(request));
    const refusal = phase === 'open' ? checkOrigin(request) : stopping();
    if (refusal) {
      refusals.note(refusal, { address }, 'an upgrade is refused');
      refuseUpgrade(socket, refusal);
    } else {
      sync.upgrade(path, address, request, socket, head);
    }
    return true;
  }

  async function openStore(): Promise<void> {
    if (phase === 'closed') throw new TypeError('The server was closed; make another.');
    opened ??= storage.open().then(async () => {
      try {
        await access.start();
        await files.start(async (document) => (await storage.info(document)) !== undefined);
      } catch (error) {
        await storage.close();
        throw error;
      }
    });
    await opened;
    phase = 'open';
  }

  /** Whoever mounts an open server has to say that it is meant to be reached from elsewhere. */
  function mayAnswer({ socket }: IncomingMessage): boolean {
    return (
      !access.open ||
      options.allowAnonymous === true ||
      socket.localAddress === undefined ||
      isLoopback(socket.localAddress)
    );
  }

  return {
    handler,

    async listen({ port = DEFAULT_PORT, host = DEFAULT_HOST, tls } = {}) {
      if (access.open && !isLoopback(host)) {
        if (options.allowAnonymous !== true) throw new TypeError(OPEN_ELSEWHERE);
        logger.warn(
          { host },
          'there is no access control: whoever reaches this address can read and change everything',
        );
      }
      const credentials = tls && readCredentials(tls);
      await openStore();
      const server = createOwnServer(handler as RequestListener, limits, credentials);
      own = server;
      server.on('upgrade', (request, socket, head) => {
        if (!upgrade(request, socket, head)) socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      });
      try {
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject);
          server.listen({ port, host }, resolve);
        });
      } catch (error) {
        await storage.close();
        throw error;
      }
      const address = server.address() as AddressInfo;
      const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      if (tls) detach.push(watchCredentials(tls, server as HttpsServer, logger));
      const url = `${tls ? 'https' : 'http'}://${shown}:${address.port}`;
      return { host: address.address, port: address.port, url };
    },

    async attach(server) {
      await openStore();
      const listener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void upgrade(request, socket, head);
      server.on('upgrade', listener);
      detach.push(() => server.off('upgrade', listener));
    },

    setAccess: ({ document, user, access: given }) => access.setAccess(document, user, given),

    async revoke(target) {
      if (target.user === undefined && target.document === undefined) throw new TypeError('Revoke what, or for whom?');
      await access.revoke(target);
    },

    recheckAccess: (target) => access.recheck(target),

    async close() {
      if (phase === 'closed') return;
      const wasOpen = phase === 'open';
      phase = 'closed';
      const httpClosed = new Promise<void>((resolve) => (own ? own.close(() => resolve()) : resolve()));
      own?.closeIdleConnections();
      sync.stop(stopping());
      await within(limits.closeTimeoutMs, rooms.close(stopping()));
      await within(limits.closeTimeoutMs, httpClosed);
      sync.terminate();
      own?.closeAllConnections();
      for (const off of detach) off();
      await Promise.all([compactor.close(), snapshotReader.close()]);
      await access.close();
      await files.close();
      if (wasOpen) await storage.close();
    },
  };
}

const OPEN_ELSEWHERE =
  'Without tokens, authenticate or authorize whoever reaches the server may do everything, so it listens on loopback ' +
  'addresses only. Configure who may do what, or pass allowAnonymous (--allow-anonymous).';

function accessFileOf({ accessFile }: ServerOptions, storage: Storage) {
  if (accessFile !== undefined) return accessFileAt(accessFile);
  return storage instanceof LevelStorage ? accessFileAt(join(storage.folder, 'access.json')) : noAccessFile;
}

function filesFolderOf({ filesFolder }: ServerOptions, storage: Storage): string | undefined {
  return filesFolder ?? (storage instanceof LevelStorage ? filesBeside(storage.folder) : undefined);
}

function closedToOthers(response: ServerResponse): void {
  response.writeHead(403, { 'Content-Type': 'text/plain' }).end('This server is open to its own machine only.');
}

function stopping(): ScriptoriumError {
  return new ScriptoriumError('SERVER_STOPPING', 'The server is stopping.');
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is nothing here.');
}

/** Waits for the work, but not longer than that. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
