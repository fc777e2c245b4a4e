import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { WebsocketProvider } from 'y-websocket';
import { encodeAwareness } from '../../protocol/index.ts';
import type { ServerOptions } from '../../server/index.ts';
import { textOf, write } from '../support/clients.ts';
import { Y_WEBSOCKET_VERSIONS, yWebsocketClient } from '../support/other-clients.ts';
import { RawClient } from '../support/raw-client.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { SECRET, tokenFor } from '../support/tokens.ts';

async function start(options: Omit<ServerOptions, 'storage' | 'limits'> = {}) {
  const server = await startServer(await temporaryFolder(), 0, {}, options);
  onTestFinished(() => server.close());
  return server;
}

const nameOf = (provider: WebsocketProvider, client: number): unknown =>
  provider.awareness.getStates().get(client)?.['name'];

describe.each(Y_WEBSOCKET_VERSIONS)('clients of y-websocket %i', (version) => {
  test('co-edit a document with slashes in its name, percent-encoded or not, and see each other', async () => {
    const { syncUrl } = await start();
    const plain = yWebsocketClient(version, syncUrl, 'team/notes/today');
    const encoded = yWebsocketClient(version, syncUrl, encodeURIComponent('team/notes/today'));
    const umlaut = yWebsocketClient(version, syncUrl, 'ümlaut & more');
    const encodedUmlaut = yWebsocketClient(version, syncUrl, encodeURIComponent('ümlaut & more'));
    await expect.poll(() => [plain, encoded, umlaut, encodedUmlaut].every(({ synced }) => synced)).toBe(true);
    write(plain, 'one document');
    write(umlaut, 'another');
    await expect.poll(() => [textOf(encoded), textOf(encodedUmlaut)]).toEqual(['one document', 'another']);
    plain.awareness.setLocalStateField('name', 'Ada');
    await expect.poll(() => nameOf(encoded, plain.doc.clientID)).toBe('Ada');
    encoded.disconnect();
    await expect.poll(() => plain.awareness.getStates().has(encoded.doc.clientID)).toBe(false);
    encoded.connect();
    await expect.poll(() => plain.awareness.getStates().has(encoded.doc.clientID)).toBe(true);
  });

  test('show their token, and whatever else, in the query', async () => {
    const { syncUrl } = await start({ tokens: { secret: SECRET } });
    const params = { token: await tokenFor('ada', { documents: { d: 'write' } }), app: 'notes', empty: '' };
    const ada = yWebsocketClient(version, syncUrl, 'd', { params });
    await expect.poll(() => ada.synced).toBe(true);
    write(ada, 'with a token');
    const ben = yWebsocketClient(version, syncUrl, 'd', { params });
    await expect.poll(() => textOf(ben)).toBe('with a token');
  });

  test('offer subprotocols', async () => {
    const { syncUrl } = await start();
    const ada = yWebsocketClient(version, syncUrl, 'd', { protocols: ['first', 'second'] });
    await expect.poll(() => ada.synced).toBe(true);
    if (version > 1) expect(ada.ws?.protocol).toBe('first'); // version 1 has no such option
  });

  test('ask for everything again and again, which stores nothing and tells the others nothing', async () => {
    const { syncUrl, httpUrl } = await start();
    vi.stubGlobal('WebSocket', WebSocket); // what it compares with, whatever polyfill it has
    onTestFinished(() => void vi.unstubAllGlobals());
    const ada = yWebsocketClient(version, syncUrl, 'd', { resyncInterval: 50 });
    const observer = await RawClient.connect('hello', syncUrl, 'd');
    observer.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });
    await expect.poll(() => ada.synced).toBe(true);
    write(ada, 'once');
    await expect.poll(() => observer.count('update')).toBe(1);
    const stored = async (): Promise<unknown> => (await fetch(`${httpUrl}/api/documents/d`)).json();
    await expect.poll(async () => (await fetch(`${httpUrl}/api/documents/d`)).status).toBe(200);
    const before = await stored();
    let asked = 0;
    ada.ws?.addEventListener('message', () => asked++);
    await expect.poll(() => asked, { timeout: 8_000 }).toBeGreaterThan(10);
    expect(observer.count('update')).toBe(1);
    expect(await stored()).toEqual(before);
  });

  test('as tabs of one browser tell each other by BroadcastChannel too, and everything is there once', async () => {
    const { syncUrl } = await start();
    const tabs = [1, 2, 3, 4].map(() => yWebsocketClient(version, syncUrl, 'tabs', { disableBc: false }));
    const outside = yWebsocketClient(version, syncUrl, 'tabs');
    await expect.poll(() => [...tabs, outside].every(({ synced }) => synced)).toBe(true);
    for (const [i, tab] of tabs.entries()) {
      tab.awareness.setLocalStateField('name', `tab ${i}`);
      write(tab, `${i}`);
    }
    await expect.poll(() => [...tabs, outside].map((client) => textOf(client).length)).toEqual([4, 4, 4, 4, 4]);
    expect(new Set([...tabs, outside].map(textOf)).size).toBe(1);
    await expect
      .poll(() => tabs.map(({ doc }, i) => nameOf(outside, doc.clientID) === `tab ${i}`))
      .toEqual([true, true, true, true]);
    tabs[0]?.destroy();
    const gone = tabs[0]?.doc.clientID ?? 0;
    await expect.poll(() => outside.awareness.getStates().has(gone)).toBe(false);
    expect(tabs.slice(1).every(({ doc }) => outside.awareness.getStates().has(doc.clientID))).toBe(true);
  });

  test('say back every state that they are told, which goes to nobody', async () => {
    const { syncUrl } = await start();
    const ada = yWebsocketClient(version, syncUrl, 'd');
    const others = [1, 2, 3].map(() => yWebsocketClient(version, syncUrl, 'd'));
    const observer = await RawClient.connect('hello', syncUrl, 'd');
    observer.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });
    await expect.poll(() => others.every((other) => other.awareness.getStates().size === 4)).toBe(true);
    await observer.settle();
    const echoes: number[] = [];
    for (const { ws } of others) {
      if (!ws) throw new Error('it is connected');
      const send = ws.send.bind(ws);
      ws.send = (data) => {
        if (new Uint8Array(data as ArrayBuffer)[0] === 1) echoes.push(1);
        send(data as ArrayBuffer);
      };
    }
    observer.received.length = 0;
    ada.awareness.setLocalStateField('name', 'Ada');
    await expect.poll(() => echoes.length).toBeGreaterThanOrEqual(3);
    await observer.settle();
    expect(observer.count('awareness')).toBe(2); // the change, and the answer that `settle` waits for
  });
});

test('what a y-sweet client answers to a query of awareness is taken as awareness', async () => {
  const { syncUrl } = await start();
  const observer = yWebsocketClient(3, syncUrl, 'd');
  await expect.poll(() => observer.synced).toBe(true);
  const client = await RawClient.connect('stock', syncUrl, 'd');
  const update = encodeAwareness([{ clientId: 7, clock: 1, state: '{"name":"Sweet"}' }]);
  client.sendBytes(Uint8Array.of(3, update.length, ...update));
  await expect.poll(() => nameOf(observer, 7)).toBe('Sweet');
});
