import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { MemoryStorage, type Storage } from '../persistence/index.ts';
import { ScriptoriumError } from '../protocol/index.ts';
import { systemClock } from './clock.ts';
import { workerCompactor } from './compactor.ts';
import { eventLoopLoad } from './core-load.ts';
import { createApi } from './http-api.ts';
import { type Logger, silentLogger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { type Limits, resolveLimits } from './options.ts';
import { BulkLane } from './outbox.ts';
import { createPage } from './page.ts';
import { Rooms } from './rooms.ts';
import { workerSnapshotReader } from './snapshot-reader.ts';
import { SyncEndpoint } from './sync-endpoint.ts';

/** What {@link createServer} can be told. */
export interface ServerOptions {
  /** Where documents are kept. Default: in memory, gone with the process. The server opens and closes it. */
  readonly storage?: Storage;
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
}

/** Where a server listens. */
export interface ListenOptions {
  /** Default 1234. 0 takes any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

/** A request handler that Node, Express, Fastify's middie and others take. */
export type Handler = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => void;

/** A sync server: WebSockets at `/sync/<document>`, the HTTP API, and the web page. */
export interface ScriptoriumServer {
  /**
   * Runs alone: opens the store, then listens.
   * @throws ScriptoriumError STORE_LOCKED, STORE_UNAVAILABLE; Node's error when it can't listen (EADDRINUSE, ...)
   */
  listen(options?: ListenOptions): Promise<{ readonly host: string; readonly port: number; readonly url: string }>;

  /**
   * Serves WebSockets on a server that is yours: opens the store, then takes the upgrades under `basePath`/sync and
   * leaves all others alone. Pass `handler` to your framework for the API and the page.
   * @throws ScriptoriumError STORE_LOCKED, STORE_UNAVAILABLE
   */
  attach(server: HttpServer): Promise<void>;

  /** Answers HTTP requests under `basePath`; calls `next` for the others, or answers 404 where there is none. */
  readonly handler: Handler;

  /** Takes nobody in any more, makes all that came durable, sends peers away with 1012 and closes the store. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 1234;
const DEFAULT_HOST = '127.0.0.1';
const API_PATH = /^\/(api(\/.*)?|health|ready|metrics)$/;

/** Makes a server; nothing happens before `listen` or `attach`. */
export function createServer(options: ServerOptions = {}): ScriptoriumServer {
  const { storage = new MemoryStorage(), logger = silentLogger() } = options;
  const basePath = (options.basePath ?? '').replace(/\/+$/, '');
  const limits = resolveLimits(options.limits);
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
  });

  const sync = new SyncEndpoint({
    rooms,
    limits,
    bulkLane: new BulkLane(),
    compression: options.compression ?? false,
    metrics,
    logger,
  });
  if (options.metrics !== false) metrics.watch({ rooms, sync });
  const api = createApi({
    rooms,
    ...(options.metrics !== false && { metrics }),
    logger,
    maxRequestBytes: limits.maxRequestBytes,
    maxImportBytes: limits.maxImportBytes,
    isReady: () => phase === 'open' && rooms.storeAnswers,
  });
  const apiListener = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  const page = createPage();
  let phase: 'new' | 'open' | 'closed' = 'new';
  let opened: Promise<void> | undefined;
  let own: HttpServer | undefined;
  const detach: (() => void)[] = [];

  /** The path below `basePath`, without the query; undefined outside of it. */
  function pathOf({ url = '/' }: IncomingMessage): string | undefined {
    const path = url.split('?', 1)[0] ?? '/';
    if (!path.startsWith(`${basePath}/`) && path !== basePath) return undefined;
    return path.slice(basePath.length) || '/';
  }

  const handler: Handler = (request, response, next) => {
    const path = pathOf(request);
    const whole = request.url ?? '/';
    const pass = () => {
      request.url = whole;
      if (next) next();
      else notFound(response);
    };
    if (path === undefined) return pass();
    request.url = path + whole.slice(whole.split('?', 1)[0]?.length);
    if (API_PATH.test(path)) apiListener(request, response).catch((error: unknown) => next?.(error));
    else page(request, response, pass);
  };

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const path = pathOf(request);
    if (path === undefined || !sync.serves(path)) return false;
    socket.on('error', () => socket.destroy());
    if (phase !== 'open') socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    else sync.upgrade(path, request, socket, head);
    return true;
  }

  async function openStore(): Promise<void> {
    if (phase === 'closed') throw new TypeError('The server was closed; make another.');
    opened ??= storage.open();
    await opened;
    phase = 'open';
  }

  return {
    handler,

    async listen({ port = DEFAULT_PORT, host = DEFAULT_HOST } = {}) {
      await openStore();
      const server = createHttpServer(handler as RequestListener);
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
      return { host: address.address, port: address.port, url: `http://${shown}:${address.port}` };
    },

    async attach(server) {
      await openStore();
      const listener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void upgrade(request, socket, head);
      server.on('upgrade', listener);
      detach.push(() => server.off('upgrade', listener));
    },

    async close() {
      if (phase === 'closed') return;
      const wasOpen = phase === 'open';
      phase = 'closed';
      const stopping = new ScriptoriumError('SERVER_STOPPING', 'The server is stopping.');
      const httpClosed = new Promise<void>((resolve) => (own ? own.close(() => resolve()) : resolve()));
      own?.closeIdleConnections();
      sync.stop(stopping);
      await within(limits.closeTimeoutMs, rooms.close(stopping));
      await within(limits.closeTimeoutMs, httpClosed);
      sync.terminate();
      own?.closeAllConnections();
      for (const off of detach) off();
      await Promise.all([compactor.close(), snapshotReader.close()]);
      if (wasOpen) await storage.close();
    },
  };
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
