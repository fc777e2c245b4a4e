import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { createServer } from '../../server/index.ts';

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("on somebody else's server it takes what is under its path and leaves the rest alone", async () => {
  const scriptorium = createServer({ basePath: '/docs/' });
  const http = createHttpServer((request, response) => {
    scriptorium.handler(request, response, () => response.end(`theirs: ${request.url}`));
  });
  const theirs = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    if (request.url === '/chat') theirs.handleUpgrade(request, socket, head, (webSocket) => webSocket.send('chat'));
  });
  const host = await listen(http);
  await scriptorium.attach(http);
  onTestFinished(() => scriptorium.close());

  expect(await (await fetch(`http://${host}/about?x=1`)).text()).toBe('theirs: /about?x=1');
  expect(await (await fetch(`http://${host}/docsish`)).text()).toBe('theirs: /docsish');
  expect(await (await fetch(`http://${host}/docs/api/documents`)).json()).toEqual({ documents: [] });
  const chat = new WebSocket(`ws://${host}/chat`);
  const [message] = await once(chat, 'message');
  expect(String(message)).toBe('chat');
  chat.close();

  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  const provider = new ScriptoriumProvider(`ws://${host}/docs/sync`, 'attached', doc);
  doc.getText().insert(0, 'kept');
  await provider.whenSaved();
  const { documents } = (await (await fetch(`http://${host}/docs/api/documents`)).json()) as {
    documents: { document: string }[];
  };
  expect(documents.map(({ document }) => document)).toEqual(['attached']);
});

test("closing it leaves somebody else's server running", async () => {
  const scriptorium = createServer();
  const http = createHttpServer((_request, response) => response.end('theirs'));
  const host = await listen(http);
  await scriptorium.attach(http);
  await scriptorium.close();
  expect(await (await fetch(`http://${host}/`)).text()).toBe('theirs');
  expect(http.listenerCount('upgrade')).toBe(0);
});

test('a connection that does not answer pings is ended, and its awareness with it', async () => {
  const scriptorium = createServer({ limits: { heartbeatMs: 100 } });
  const { url } = await scriptorium.listen({ port: 0 });
  onTestFinished(() => scriptorium.close());
  const syncUrl = `${url.replace('http', 'ws')}/sync`;
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  const alive = new ScriptoriumProvider(syncUrl, 'room', doc);
  await alive.whenSynced();

  const dead = new WebSocket(`${syncUrl}/room`, { autoPong: false });
  const closed = once(dead, 'close');
  await once(dead, 'open');
  // Sync step 1, then awareness of client 5 at clock 1: {}
  dead.send(Uint8Array.of(0, 0, 1, 0));
  dead.send(Uint8Array.of(1, 6, 1, 5, 1, 2, 0x7b, 0x7d));
  await expect.poll(() => alive.awareness.getStates().has(5)).toBe(true);
  await closed;
  await expect.poll(() => alive.awareness.getStates().has(5)).toBe(false);
  expect(alive.status).toBe('synced');
});
