import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type PerMessageDeflateOptions, WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider, type WebSocketConstructor } from '../../client/node.ts';
import { encodeBare } from '../../protocol/index.ts';
import { createServer, type ServerOptions } from '../../server/index.ts';
import { seededRandom } from '../support/random.ts';

async function serve(options: ServerOptions) {
  const server = createServer(options);
  onTestFinished(() => server.close());
  const { url } = await server.listen({ port: 0 });
  return `${url.replace('http', 'ws')}/sync`;
}

/** A provider whose sockets offer compression or not, and what the socket has read. */
function join(syncUrl: string, document: string, perMessageDeflate: boolean | PerMessageDeflateOptions) {
  const sockets: WebSocket[] = [];
  class Client extends WebSocket {
    constructor(url: string) {
      super(url, { perMessageDeflate });
      sockets.push(this);
    }
  }
  const doc = new Y.Doc();
  const provider = new ScriptoriumProvider(syncUrl, document, doc, {
    WebSocket: Client as unknown as WebSocketConstructor,
  });
  onTestFinished(() => {
    provider.destroy();
    doc.destroy();
  });
  const socket = () => sockets.at(-1) as WebSocket & { _socket: Socket };
  return { doc, provider, extensions: () => socket().extensions, bytesRead: () => socket()._socket.bytesRead };
}

const WORDS = ['stone', 'river', 'lamp', 'winter', 'garden', 'letter', 'window', 'paper'];

async function writeMuch(syncUrl: string): Promise<Y.Doc> {
  const { doc, provider } = join(syncUrl, 'much', false);
  const random = seededRandom(1);
  await provider.whenSynced();
  for (let i = 0; i < 80; i++) {
    const line = Array.from({ length: 2_000 }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
    doc.getText().insert(doc.getText().length, line);
  }
  await provider.whenSaved();
  return doc;
}

test('a client that offers it gets large messages compressed, in fragments too, and one that does not reads the same', async () => {
  const syncUrl = await serve({ compression: true, limits: { compactEntries: 10 } });
  const written = await writeMuch(syncUrl);
  const [small, plain] = [join(syncUrl, 'much', true), join(syncUrl, 'much', false)];
  await Promise.all([small.provider.whenSynced(), plain.provider.whenSynced()]);
  expect(small.extensions()).toContain('permessage-deflate');
  expect(plain.extensions()).toBe('');
  for (const { doc } of [small, plain]) expect(doc.getText().toJSON()).toBe(written.getText().toJSON());
  expect(plain.bytesRead()).toBeGreaterThan(400_000);
  expect(small.bytesRead()).toBeLessThan(plain.bytesRead() / 2);
  expect(small.bytesRead()).toBeGreaterThan(64 * 1024);
  // What goes back and forth afterwards, compressed or not, is understood as well.
  small.doc.getText().insert(0, 'from the one ');
  plain.doc.getText().insert(0, 'x'.repeat(5_000));
  await Promise.all([small.provider.whenSaved(), plain.provider.whenSaved()]);
  await expect.poll(() => small.doc.getText().toJSON()).toBe(plain.doc.getText().toJSON());
});

test('without the option nothing is compressed, whatever the client offers', async () => {
  const syncUrl = await serve({});
  const client = join(syncUrl, 'a', true);
  await client.provider.whenSynced();
  expect(client.extensions()).toBe('');
});

test('what inflates beyond the largest message is refused as too large, and harms nobody', async () => {
  const syncUrl = await serve({ compression: true, limits: { maxMessageBytes: 100_000 } });
  const other = join(syncUrl, 'a', true);
  await other.provider.whenSynced();
  const socket = new WebSocket(`${syncUrl}/a`, { perMessageDeflate: { threshold: 0 } });
  await once(socket, 'open');
  socket.send(encodeBare({ type: 'sync-step-1', stateVector: Uint8Array.of(0) }));
  socket.send(encodeBare({ type: 'update', update: new Uint8Array(50_000_000) }));
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([4413, 'message-too-large']);
  other.doc.getText().insert(0, 'still here');
  await other.provider.whenSaved();
});

test('a client that wants a smaller window is understood and answered without compression', async () => {
  const syncUrl = await serve({ compression: true });
  const written = await writeMuch(syncUrl);
  const { doc, provider, bytesRead } = join(syncUrl, 'much', { serverMaxWindowBits: 9, threshold: 0 });
  await provider.whenSynced();
  expect(doc.getText().toJSON()).toBe(written.getText().toJSON());
  expect(bytesRead()).toBeGreaterThan(400_000);
  doc.getText().insert(0, 'x'.repeat(5_000));
  await provider.whenSaved();
});
