import type { IncomingMessage } from 'node:http';

/** What frameworks put on a request before it comes here. */
interface HostedRequest extends IncomingMessage {
  /** The address before a router took the path off at which it is mounted: Express and what is made like it. */
  readonly originalUrl?: string;
  /** What a body parser made of the body. */
  readonly body?: unknown;
  /** The body as it came, which the listener of @hono/node-server takes in the place of the stream. */
  rawBody?: unknown;
}

/**
 * The base path as it is compared: without a slash at its end.
 * @throws TypeError when it is none, as it stands in an address
 */
export function checkBasePath(basePath = ''): string {
  const path = basePath.replace(/\/+$/, '');
  if (!/^(\/[\w.~%-]+)*$/.test(path)) throw new TypeError(`This is no path such as /scriptorium: ${basePath}`);
  return path;
}

/**
 * The address of a request below the base path, with its query; undefined outside of it. A router may have taken the base
 * path off already.
 */
export function urlBelow(basePath: string, { url = '/', originalUrl }: HostedRequest): string | undefined {
  return below(basePath, url) ?? (originalUrl === undefined ? undefined : below(basePath, originalUrl));
}

function below(basePath: string, url: string): string | undefined {
  const path = pathOf(url);
  if (!path.startsWith(`${basePath}/`) && path !== basePath) return undefined;
  return `${path.slice(basePath.length) || '/'}${url.slice(path.length)}`;
}

/** An address without its query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '/';
}

/** A body that a parser of the host has read cannot be read again from the socket: it is taken from what that made of it. */
export function restoreBody(request: HostedRequest): void {
  const { body } = request;
  if (!request.readableDidRead || body === undefined || request.rawBody instanceof Buffer) return;
  request.rawBody = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
