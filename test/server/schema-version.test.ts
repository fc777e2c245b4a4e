import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Closed, Refusal } from '../../client/index.ts';
import { ScriptoriumProvider } from '../../client/node.ts';
import { encodeBare } from '../../protocol/index.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NAME = 'letter';

interface Peer {
  readonly provider: ScriptoriumProvider;
  readonly refusals: Refusal[];
  readonly closes: Closed[];
  write(text: string): void;
  text(): string;
}

function connect({ syncUrl }: TestServer, schema?: number): Peer {
  const doc = new Y.Doc();
  const provider = new ScriptoriumProvider(syncUrl, NAME, doc, schema === undefined ? {} : { schema });
  onTestFinished(() => provider.destroy());
  const refusals: Refusal[] = [];
  const closes: Closed[] = [];
  provider.on('refused', (refusal) => refusals.push(refusal));
  provider.on('closed', (closed) => closes.push(closed));
  return {
    provider,
    refusals,
    closes,
    write: (text) => doc.getText().insert(doc.getText().length, text),
    text: () => doc.getText().toString(),
  };
}

async function start(folder?: string): Promise<TestServer> {
  const server = await startServer(folder ?? (await temporaryFolder()));
  onTestFinished(() => server.close());
  return server;
}

describe('a document that was written in with a newer schema', () => {
  it('takes no edit from an older one, says so with 4409, and can still be read', async () => {
    const server = await start();
    const older = connect(server, 1);
    await older.provider.whenSynced();
    older.write('one ');
    await older.provider.whenSaved();
    const newer = connect(server, 2);
    await newer.provider.whenSynced();
    expect(older.provider.outdatedSchema).toBe(false);
    newer.write('two ');
    await newer.provider.whenSaved();
    await expect.poll(() => older.provider.outdatedSchema).toBe(true);
    expect(older.provider.synced).toBe(true);
    await expect.poll(() => older.text()).toBe('one two ');

    older.write('three ');
    await expect.poll(() => older.closes).toEqual([{ code: 4409, reason: 'schema-outdated' }]);
    expect(older.refusals).toMatchObject([{ code: 'schema-outdated', retry: false }]);
    expect(older.provider.unsavedChanges).toBe(1);
    newer.write('four');
    await newer.provider.whenSaved();
    const reader = connect(server);
    await reader.provider.whenSynced();
    expect(reader.text()).toBe('one two four');

    // What was written before is sent once the page has a newer schema.
    const reloaded = new ScriptoriumProvider(server.syncUrl, NAME, older.provider.doc, { schema: 2 });
    onTestFinished(() => reloaded.destroy());
    await reloaded.whenSaved();
    await expect.poll(() => reader.text()).toContain('three');
  });

  it('remembers it across a restart, and tells who joins', async () => {
    const folder = await temporaryFolder();
    const server = await start(folder);
    const newer = connect(server, 7);
    await newer.provider.whenSynced();
    newer.write('text');
    await newer.provider.whenSaved();
    newer.provider.destroy();
    await server.close();
    const again = await start(folder);
    const older = connect(again, 6);
    const same = connect(again, 7);
    await Promise.all([older.provider.whenSynced(), same.provider.whenSynced()]);
    expect([older.provider.outdatedSchema, same.provider.outdatedSchema]).toEqual([true, false]);
    expect(older.text()).toBe('text');
    expect(older.closes).toEqual([]);
  });

  it('takes what clients without a schema write, and what it has already', async () => {
    const server = await start();
    const newer = connect(server, 2);
    await newer.provider.whenSynced();
    newer.write('text');
    await newer.provider.whenSaved();
    const program = connect(server);
    await program.provider.whenSynced();
    program.write('!');
    await program.provider.whenSaved();
    // An older client that comes back with the whole document in its hands has nothing new.
    const returning = new ScriptoriumProvider(server.syncUrl, NAME, program.provider.doc, { schema: 1 });
    onTestFinished(() => returning.destroy());
    await returning.whenSynced();
    await returning.whenSaved();
    expect(returning.outdatedSchema).toBe(true);
  });

  it('is not made newer by an edit that was refused', async () => {
    const server = await start();
    const older = connect(server, 1);
    await older.provider.whenSynced();
    const socket = new WebSocket(`${server.syncUrl}/${NAME}`);
    await once(socket, 'open');
    socket.send(encodeBare({ type: 'hello', hello: { protocol: 1, schema: 9 } }));
    socket.send(encodeBare({ type: 'update', update: Uint8Array.of(1, 1, 255) }));
    await once(socket, 'close');
    older.write('text');
    await older.provider.whenSaved();
    expect(older.provider.outdatedSchema).toBe(false);
  });
});
