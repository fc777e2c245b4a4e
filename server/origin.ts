import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ScriptoriumError } from '../protocol/index.ts';
import type { Proxies } from './proxies.ts';

/** Answers why a request may not be made from where it was made; undefined when it may. */
export type OriginCheck = (request: IncomingMessage) => ScriptoriumError | undefined;

const MAX_SHOWN = 200;

/**
 * Which web pages may use the server: those that it serves itself, and those of the `origins`. A browser says with
 * `Origin` whose page makes a WebSocket or a request that changes something; programs say nothing and are let through.
 *
 * A server on a loopback address also looks at the name that it is called by: an attacker can give it a name of his own,
 * whose pages then count as its own (DNS rebinding). Names that need no DNS pass, and the hosts of the `origins`.
 *
 * @param origins such as `https://example.com`; `*` for any
 * @throws TypeError when one of the origins is none
 */
export function createOriginCheck(origins: readonly string[], proxies: Proxies): OriginCheck {
  if (origins.includes('*')) return () => undefined;
  const listed = new Set(origins.map(parseOrigin));
  const hosts = new Set([...listed].map((origin) => origin.replace(/^.*:\/\//, '')));
  return (request) => {
    const host = proxies.hostOf(request)?.toLowerCase();
    if (
      isLoopback(request.socket.localAddress) &&
      !proxies.trusted &&
      !(host === undefined || isOwnName(host, hosts))
    ) {
      return refused(
        `This server is not known by the name ${shown(host)}. Name it in \`origins\`, or set \`trustProxy\`.`,
      );
    }
    const { origin } = request.headers;
    if (origin === undefined || listed.has(origin) || hostOfOrigin(origin, host)) return undefined;
    return refused(`Pages of ${shown(origin)} may not use this server. Name them in \`origins\`.`);
  };
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.origin === 'null' || !['', '/'].includes(url.pathname + url.search + url.hash)) {
    throw new TypeError(`Not an origin such as https://example.com: ${text}`);
  }
  return url.origin;
}

/** Whether the page came from the host that the request goes to. Its protocol is left out: a proxy may have changed it. */
function hostOfOrigin(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  const own = `${page.protocol}//${host}`;
  return /^https?:$/.test(page.protocol) && URL.canParse(own) && new URL(own).host === page.host;
}

function isOwnName(host: string, hosts: ReadonlySet<string>): boolean {
  if (hosts.has(host) || !URL.canParse(`http://${host}`)) return hosts.has(host);
  const { hostname } = new URL(`http://${host}`);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

function isLoopback(address = ''): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, MAX_SHOWN));
}

function refused(message: string): ScriptoriumError {
  return new ScriptoriumError('ORIGIN_NOT_ALLOWED', message);
}
