import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERRORS, publicMessage, type ScriptoriumError, wireCode } from '../protocol/index.ts';

/** How the HTTP API says that something was not done. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: { readonly code: string; readonly message: string } };
}

/** An error as an HTTP answer; `Retry-After` is in whole seconds, and at least one. */
export function httpRefusal(error: ScriptoriumError): HttpRefusal {
  const { code, retryAfterMs } = error;
  return {
    status: ERRORS[code].http,
    headers: retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
    body: { error: { code: wireCode(code), message: publicMessage(error) } },
  };
}

/** Answers a request before anybody looks at it. */
export function refuseRequest(response: ServerResponse, error: ScriptoriumError): void {
  const { status, headers, body } = httpRefusal(error);
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers an upgrade request: no WebSocket comes to be. */
export function refuseUpgrade(socket: Duplex, error: ScriptoriumError): void {
  const { status, headers, body } = httpRefusal(error);
  const json = JSON.stringify(body);
  const lines = {
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(json)),
    Connection: 'close',
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${json}`);
}
