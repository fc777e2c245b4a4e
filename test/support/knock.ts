import { type IncomingHttpHeaders, request } from 'node:http';

/** How a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with exactly these headers beside those that HTTP needs; a fetch would not let a test choose its Host. */
export function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  { method = 'GET', body = '' } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    asked.on('error', reject);
    asked.on('upgrade', ({ headers: answered }, socket) => {
      socket.destroy();
      resolve({ status: 101, headers: answered, body: '' });
    });
    asked.end(body);
  });
}

/** Asks for a WebSocket; 101 when it would come to be. */
export function knock(
  port: number,
  headers: Readonly<Record<string, string>> = {},
  path = '/sync/door',
): Promise<Answer> {
  return ask(port, path, {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  });
}
