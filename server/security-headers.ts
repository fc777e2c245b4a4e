import type { ServerResponse } from 'node:http';

/** What the headers depend on. */
export interface SecurityHeadersOptions {
  /** Origins whose pages may show this page in a frame, such as `https://example.com`; `'self'` for its own. */
  readonly frameAncestors: readonly string[];
}

/** Nothing but what this server serves may run. */
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'";
const API_POLICY = "default-src 'none'";
/** Two years, in seconds. */
const HSTS_MAX_AGE = 63_072_000;

/** Sets the headers of an answer that say what a browser must not do with it. */
export type SetSecurityHeaders = (response: ServerResponse, kind: 'page' | 'api', isSecure: boolean) => void;

/**
 * The headers of the page and of the API. Strict-Transport-Security only where the client's connection is encrypted: it
 * would keep people from a server that speaks plain HTTP.
 * @throws TypeError when a frame ancestor is none
 */
export function createSecurityHeaders({ frameAncestors }: SecurityHeadersOptions): SetSecurityHeaders {
  const unfit = frameAncestors.find((source) => !/^('self'|[a-z][a-z0-9+.-]*:\/\/[\w*.:[\]-]+)$/i.test(source));
  if (unfit !== undefined) throw new TypeError(`Not an origin such as https://example.com: ${unfit}`);
  const framed = frameAncestors.length > 0;
  const ancestors = framed ? frameAncestors.join(' ') : "'none'";
  const headers = {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    // X-Frame-Options knows no list.
    ...(!framed && { 'X-Frame-Options': 'DENY' }),
  };
  const policies = {
    page: `${PAGE_POLICY}; frame-ancestors ${ancestors}`,
    api: `${API_POLICY}; frame-ancestors 'none'`,
  };
  return (response, kind, isSecure) => {
    response.setHeader('Content-Security-Policy', policies[kind]);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (isSecure) response.setHeader('Strict-Transport-Security', `max-age=${HSTS_MAX_AGE}`);
  };
}
