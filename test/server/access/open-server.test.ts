import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { isLoopback } from '../../../server/access/loopback.ts';
import { createServer } from '../../../server/index.ts';
import { SECRET } from '../../support/tokens.ts';

test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
  '%s is this machine alone',
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

test.each([
  '0.0.0.0',
  '::',
  '192.168.1.1',
  '10.0.0.1',
  '128.0.0.1',
  '::ffff:10.0.0.1',
  'example.org',
  'localhost.example.org',
  '',
])('%s is not', (host) => {
  expect(isLoopback(host)).toBe(false);
});

describe('a server without access control', () => {
  test('does not listen elsewhere unless that is said, and then warns', async () => {
    const refused = createServer();
    await expect(refused.listen({ port: 0, host: '0.0.0.0' })).rejects.toThrow('--allow-anonymous');
    await refused.close();

    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
    const server = createServer({ allowAnonymous: true, logger });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '0.0.0.0' });
    expect(lines.join('')).toContain('there is no access control');
    expect((await fetch(`http://127.0.0.1:${port}/api/documents`)).status).toBe(200);
  });

  test('that is attached answers nobody from elsewhere, unless that is said', async () => {
    const elsewhere = Object.values(networkInterfaces())
      .flat()
      .find((found) => found && !found.internal && isIPv4(found.address));
    for (const allowAnonymous of [false, true]) {
      const server = createServer({ allowAnonymous });
      const http = createHttpServer(server.handler);
      await server.attach(http);
      http.listen(0);
      await once(http, 'listening');
      onTestFinished(async () => {
        await server.close();
        http.closeAllConnections();
        http.close();
      });
      const { port } = http.address() as AddressInfo;
      expect((await fetch(`http://127.0.0.1:${port}/api/documents`)).status).toBe(200);
      // A machine without a network has no other address to ask.
      const host = elsewhere?.address ?? '127.0.0.1';
      const reached = elsewhere === undefined || allowAnonymous;
      expect((await fetch(`http://${host}:${port}/api/documents`)).status).toBe(reached ? 200 : 403);
      const socket = new WebSocket(`ws://${host}:${port}/sync/d`);
      const outcome = await new Promise((resolve) => {
        socket.on('open', () => resolve(101));
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
        socket.on('error', () => {});
      });
      socket.terminate();
      expect(outcome).toBe(reached ? 101 : 403);
    }
  });
});

test('one with tokens, or with a function, listens anywhere', async () => {
  for (const options of [
    { tokens: { secret: SECRET } },
    { authenticate: () => null },
    { authorize: () => 'read' as const },
  ]) {
    const server = createServer(options);
    onTestFinished(() => server.close());
    await server.listen({ port: 0, host: '0.0.0.0' });
  }
});

test('tokens and authenticate together are an error of the programmer', () => {
  expect(() => createServer({ tokens: { secret: SECRET }, authenticate: () => null })).toThrow(TypeError);
});
