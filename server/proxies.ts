import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';
import proxyAddr from 'proxy-addr';
import type { Logger } from './logger.ts';

/**
 * Which proxies in front of the server are believed when they say whom they speak for: none (false), so many in a row
 * (a number), or those at these addresses and networks (`10.0.0.0/8`; also `loopback`, `linklocal`, `uniquelocal`).
 */
export type TrustProxy = false | number | readonly string[];

/** Who made a request, as far as the proxies it came through are believed. */
export interface Proxies {
  /** Whether any proxy is believed at all. */
  readonly trusted: boolean;
  /** The address of the client. */
  addressOf(request: IncomingMessage): string;
  /** The host and port that the client asked for, as in its `Host`; undefined where it said none. */
  hostOf(request: IncomingMessage): string | undefined;
  /** Whether the client's own connection is encrypted. */
  isSecure(request: IncomingMessage): boolean;
}

/** @throws TypeError when it is none of what {@link TrustProxy} says */
export function createProxies(trustProxy: TrustProxy, logger: Logger): Proxies {
  const trust = compile(trustProxy);
  let warned = false;
  /** What the next proxy says of the client's request; undefined when it is not believed. */
  const told = (request: IncomingMessage, header: string): string | undefined => {
    const value = request.headers[header];
    if (typeof value !== 'string' || !trust(request.socket.remoteAddress ?? '', 0)) return undefined;
    return value.split(',', 1)[0]?.trim() || undefined;
  };
  return {
    trusted: trustProxy !== false && trustProxy !== 0,
    addressOf(request) {
      const own = request.socket.remoteAddress ?? '';
      if (trustProxy === false && !warned && request.headers['x-forwarded-for'] !== undefined) {
        warned = true;
        logger.warn(
          { address: own },
          'a request came through a proxy; set trustProxy, or all of them count as one client',
        );
      }
      const address = proxyAddr(request, trust);
      // Where a proxy is believed too far, what a client made up ends here.
      return isIP(address) ? address : own;
    },
    hostOf: (request) => told(request, 'x-forwarded-host') ?? request.headers.host,
    isSecure: (request) => {
      const protocol = told(request, 'x-forwarded-proto');
      return protocol === undefined ? (request.socket as TLSSocket).encrypted === true : protocol === 'https';
    },
  };
}

/** Neighbours have the same key: all addresses of one IPv6 network of the size that a customer gets, /64. */
export function addressKey(address: string): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...new Array<string>(Math.max(zeros, 0)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

function compile(trustProxy: TrustProxy): (address: string, hop: number) => boolean {
  if (trustProxy === false) return () => false;
  if (typeof trustProxy !== 'number') return proxyAddr.compile([...trustProxy]);
  if (!Number.isSafeInteger(trustProxy) || trustProxy < 0)
    throw new TypeError('trustProxy is not a number of proxies.');
  return (_address, hop) => hop < trustProxy;
}
