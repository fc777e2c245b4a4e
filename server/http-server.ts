import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsCredentials } from './tls.ts';

/** Bounds of HTTP before there is a request; defaults in options.ts. */
export interface HttpLimits {
  /** How long a client may take for the headers of a request, and for a TLS handshake, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** How long a client may take for a whole request, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Sockets on which no whole request has come yet. When there are more, the one that waits longest is ended. */
  readonly maxConnections: number;
}

/** How often Node looks which of its sockets are too slow. */
const LOOK_EVERY_MS = 1_000;
const MAX_HEADER_BYTES = 16 * 1024;

/** An HTTP server, or an HTTPS one where there are credentials, that slow and silent clients can't fill. */
export function createOwnServer(
  listener: RequestListener,
  limits: HttpLimits,
  credentials: TlsCredentials | undefined,
): HttpServer {
  const options = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, limits.headersTimeoutMs),
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const server = credentials
    ? createHttpsServer({ ...options, ...credentials, handshakeTimeout: limits.headersTimeoutMs }, listener)
    : createHttpServer(options, listener);
  const silent = new Set<Socket>();
  server.on(credentials ? 'secureConnection' : 'connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    const [oldest] = silent;
    if (silent.size > limits.maxConnections) oldest?.destroy();
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  server.on('upgrade', ({ socket }) => silent.delete(socket as Socket));
  return server;
}
