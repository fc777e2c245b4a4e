import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider, type Status } from '../../client/node.ts';
import { decodeBareFromServer, type ServerMessage } from '../../protocol/index.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function server(): Promise<TestServer> {
  const started = await startServer(await temporaryFolder());
  onTestFinished(() => started.close());
  return started;
}

function join(syncUrl: string, document: string, doc = new Y.Doc()): ScriptoriumProvider {
  onTestFinished(() => doc.destroy());
  return new ScriptoriumProvider(syncUrl, document, doc, { maxBackoffMs: 100 });
}

/** A line to the server that can be cut, and the messages that the server sent on it. */
interface Line {
  readonly url: string;
  readonly messages: ServerMessage[];
  /** Ends what is connected; nobody gets through until `restore`. */
  cut(): void;
  restore(): void;
}

async function lineTo(port: number): Promise<Line> {
  const messages: ServerMessage[] = [];
  const sockets = new Set<Socket>();
  let open = true;
  const proxy = createTcpServer((client) => {
    if (!open) return client.destroy();
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream);
    upstream.on(
      'data',
      frameReader((message) => messages.push(message)),
    );
    return upstream.pipe(client);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const cut = () => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    proxy.close();
  });
  return {
    url: `ws://127.0.0.1:${(proxy.address() as AddressInfo).port}/sync`,
    messages,
    cut,
    restore: () => {
      open = true;
    },
  };
}

/** Reads the messages out of what a server writes: unmasked binary frames, after the answer to the upgrade. */
function frameReader(onMessage: (message: ServerMessage) => void): (data: Buffer) => void {
  let rest = Buffer.alloc(0);
  let upgraded = false;
  return (data) => {
    rest = Buffer.concat([rest, data]);
    if (!upgraded) {
      const end = rest.indexOf('\r\n\r\n');
      if (end === -1) return;
      rest = rest.subarray(end + 4);
      upgraded = true;
    }
    while (rest.length >= 4) {
      const short = rest.readUInt8(1) & 0x7f;
      const [start, length] = short < 126 ? [2, short] : [4, rest.readUInt16BE(2)];
      if (rest.length < start + length) return;
      if (rest[0] === 0x82) onMessage(decodeBareFromServer(new Uint8Array(rest.subarray(start, start + length))));
      rest = rest.subarray(start + length);
    }
  };
}

test('status goes from connecting to synced, to offline while the server is away, and back', async () => {
  const folder = await temporaryFolder();
  let running = await startServer(folder);
  onTestFinished(() => running.close());
  const provider = join(running.syncUrl, 'status');
  const seen: Status[] = [provider.status];
  provider.on('status', ({ status }) => seen.push(status));
  await provider.whenSynced();
  expect(seen).toEqual(['connecting', 'synced']);
  await running.close();
  await expect.poll(() => provider.status).not.toBe('synced');
  await expect.poll(() => provider.nextAttemptAt !== undefined).toBe(true);
  running = await startServer(folder, running.port);
  await expect.poll(() => provider.status).toBe('synced');
  expect(provider.nextAttemptAt).toBeUndefined();
});

test('saved is false from the first keystroke until the server has it on disk, and unsavedChanges counts', async () => {
  const { syncUrl } = await server();
  const provider = join(syncUrl, 'saved');
  await provider.whenSynced();
  expect([provider.saved, provider.unsavedChanges]).toEqual([true, 0]);
  const reports: { saved: boolean; unsavedChanges: number }[] = [];
  provider.on('saved', (report) => reports.push(report));
  provider.doc.getText().insert(0, 'a');
  provider.doc.getText().insert(1, 'b');
  expect([provider.saved, provider.unsavedChanges]).toEqual([false, 2]);
  await provider.whenSaved();
  expect(reports.at(0)).toEqual({ saved: false, unsavedChanges: 1, kept: false });
  expect(reports.at(-1)).toEqual({ saved: true, unsavedChanges: 0, kept: true });
});

test('what was written offline counts as unsaved and is saved after coming back', async () => {
  const { syncUrl } = await server();
  const provider = join(syncUrl, 'offline');
  await provider.whenSynced();
  provider.disconnect();
  for (let i = 0; i < 1_200; i++) provider.doc.getText().insert(0, 'x');
  expect([provider.status, provider.saved, provider.unsavedChanges]).toEqual(['offline', false, 1_200]);
  provider.connect();
  await provider.whenSaved();
  const reader = join(syncUrl, 'offline');
  await reader.whenSynced();
  expect(reader.doc.getText().length).toBe(1_200);
});

test('a document that held something before the provider came is not called saved until the server has it', async () => {
  const { syncUrl } = await server();
  const doc = new Y.Doc();
  doc.getText().insert(0, 'from elsewhere');
  const provider = join(syncUrl, 'carried', doc);
  expect(provider.saved).toBe(false);
  await provider.whenSaved();
  const reader = join(syncUrl, 'carried');
  await reader.whenSynced();
  expect(reader.doc.getText().toString()).toBe('from elsewhere');
});

test('what is written upon the document in the moment in which it arrives is sent', async () => {
  const { syncUrl } = await server();
  const writer = join(syncUrl, 'letter');
  writer.doc.getText('t').insert(0, 'Dear Ada');
  await writer.whenSaved();

  const signing = new Y.Doc();
  const signature = signing.getText('signature');
  signing.getText('t').observe(() => {
    if (signature.length === 0) signing.transact(() => signature.insert(0, 'Ben'));
  });
  const signer = join(syncUrl, 'letter', signing);
  await signer.whenSynced();
  expect(signing.getText('t').toString()).toBe('Dear Ada');
  await signer.whenSaved();

  const reader = join(syncUrl, 'letter');
  await reader.whenSynced();
  expect(reader.doc.getText('signature').toString()).toBe('Ben');
});

test('after a short break it is sent what came meanwhile, and nothing else', async () => {
  const { syncUrl, port } = await server();
  const line = await lineTo(port);
  const writer = join(syncUrl, 'resume');
  await writer.whenSynced();
  writer.doc.getText().insert(0, 'before ');
  await writer.whenSaved();
  const provider = join(line.url, 'resume');
  await provider.whenSynced();
  writer.doc.getText().insert(7, 'meanwhile one ');
  await expect.poll(() => line.messages.some((message) => message.type === 'position' && message.seq === 2)).toBe(true);

  line.cut();
  line.messages.length = 0;
  writer.doc.getText().insert(0, 'more ');
  await writer.whenSaved();
  line.restore();
  await expect.poll(() => line.messages.some(({ type }) => type === 'sync-step-2')).toBe(true);
  const types = line.messages.map(({ type }) => type).filter((type) => type !== 'awareness' && type !== 'position');
  expect(types).toEqual(['welcome', 'update', 'sync-step-2']);
  await expect.poll(() => provider.doc.getText().toString()).toBe(writer.doc.getText().toString());
});

test('a server that ends the connection for good is not bothered again', async () => {
  const refusing = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => refusing.close());
  await once(refusing, 'listening');
  let connections = 0;
  refusing.on('connection', (socket) => {
    connections++;
    socket.close(4404, 'document-not-found');
  });
  const provider = join(`ws://127.0.0.1:${(refusing.address() as AddressInfo).port}`, 'gone');
  const closed = await new Promise((resolve) => provider.once('closed', resolve));
  expect(closed).toEqual({ code: 4404, reason: 'document-not-found' });
  expect([provider.status, provider.nextAttemptAt, connections]).toEqual(['offline', undefined, 1]);
  await expect(provider.whenSynced()).rejects.toThrow('document-not-found');
});

test('a token that is not taken is fetched anew, once', async () => {
  const refusing = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => refusing.close());
  await once(refusing, 'listening');
  refusing.on('connection', (socket) => socket.on('message', () => socket.close(4401, 'unauthorized')));
  let fetched = 0;
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  const url = `ws://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
  const provider = new ScriptoriumProvider(url, 'secret', doc, { token: async () => `token ${++fetched}` });
  await new Promise((resolve) => provider.once('closed', resolve));
  expect(fetched).toBe(2);
});

test('destroying it leaves nothing behind: no socket, no listener, no awareness', async () => {
  const { syncUrl } = await server();
  const other = join(syncUrl, 'clean');
  await other.whenSynced();
  const doc = new Y.Doc();
  const provider = new ScriptoriumProvider(syncUrl, 'clean', doc);
  await provider.whenSynced();
  await expect.poll(() => other.awareness.getStates().has(doc.clientID)).toBe(true);
  provider.destroy();
  await expect.poll(() => other.awareness.getStates().has(doc.clientID)).toBe(false);
  expect(doc._observers.get('update')?.size ?? 0).toBe(0);
  expect(() => provider.connect()).toThrow(TypeError);
  doc.destroy();
});

test('an address that is none is refused where it is written', () => {
  expect(() => new ScriptoriumProvider('ftp://host', 'x', new Y.Doc(), { connect: false })).toThrow(TypeError);
  expect(() => new ScriptoriumProvider('nonsense', 'x', new Y.Doc(), { connect: false })).toThrow(TypeError);
});
