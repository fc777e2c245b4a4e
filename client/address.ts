/**
 * The WebSocket address of a document. `serverUrl` is what a `y-websocket` client takes: the address of the endpoint
 * without the document, `wss://host/sync`. `https://host/sync` and, in a page, `/sync` do as well.
 * @throws TypeError when it is no address of a WebSocket
 */
export function documentAddress(
  serverUrl: string,
  document: string,
  params: Readonly<Record<string, string>> = {},
): string {
  const url = parse(serverUrl);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw new TypeError(`Not a WebSocket address: ${serverUrl}`);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${encodeURIComponent(document)}`;
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}

/** The document that an address names, when it is one of this server: what `documentAddress` was given. */
export function documentAt(serverUrl: string, address: string): string | undefined {
  const last = new URL(address).pathname.split('/').at(-1) ?? '';
  const document = decodeURIComponent(last);
  return documentAddress(serverUrl, document) === address ? document : undefined;
}

function parse(serverUrl: string): URL {
  const base = typeof location === 'undefined' ? undefined : location.href;
  try {
    return new URL(serverUrl, base);
  } catch (cause) {
    throw new TypeError(`Not a WebSocket address: ${serverUrl}`, { cause });
  }
}
