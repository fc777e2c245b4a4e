import { expect, onTestFinished, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { Access, Closed, Refusal, ScriptoriumProvider } from '../../../client/node.ts';
import { LevelStorage } from '../../../persistence/index.ts';
import type { Limits, ServerOptions } from '../../../server/index.ts';
import { ourClient, stockClient, textOf, write } from '../../support/clients.ts';
import { RawClient } from '../../support/raw-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { SECRET, type TokenClaims, tokenFor } from '../../support/tokens.ts';

type Options = Omit<ServerOptions, 'storage' | 'limits'>;

const TOKENS: Options = { tokens: { secret: SECRET, clockToleranceSeconds: 0 } };
const WRITE: TokenClaims = { documents: { '*': 'write' } };

interface Running extends TestServer {
  readonly folder: string;
}

async function start(options: Options = TOKENS, limits: Partial<Limits> = {}, folder?: string): Promise<Running> {
  const store = folder ?? (await temporaryFolder());
  const running = await startServer(store, 0, limits, options);
  onTestFinished(() => running.close());
  return { ...running, folder: store };
}

/** What the server has of a document, as somebody new sees it. */
async function storedText({ syncUrl }: Running, document: string): Promise<string> {
  const reader = ourClient(syncUrl, document, { token: await tokenFor('reader', { documents: { '*': 'read' } }) });
  await reader.whenSynced();
  const text = textOf(reader);
  reader.destroy();
  return text;
}

const closeOf = (provider: ScriptoriumProvider): Promise<Closed> =>
  new Promise((resolve) => provider.once('closed', resolve));

/** How the server ended a stock client. */
const stockCloseOf = (provider: ReturnType<typeof stockClient>): Promise<number | undefined> =>
  new Promise((resolve) => provider.once('connection-close', (event: { code: number } | null) => resolve(event?.code)));

test('write becomes read at once, edits are refused, and what was refused is saved when it becomes write again', async () => {
  const server = await start();
  const ada = ourClient(server.syncUrl, 'd', { token: await tokenFor('ada', WRITE) });
  const accesses: Access[] = [];
  const refusals: Refusal[] = [];
  ada.on('access', ({ access }) => accesses.push(access));
  ada.on('refused', (refusal) => refusals.push(refusal));
  await ada.whenSynced();
  write(ada, 'before ');
  await ada.whenSaved();

  await server.server.setAccess({ document: 'd', user: 'ada', access: 'read' });
  await expect.poll(() => accesses).toEqual(['write', 'read']);
  write(ada, 'meanwhile ');
  write(ada, 'and more ');
  await expect.poll(() => refusals.map(({ code }) => code)).toEqual(['read-only', 'read-only']);
  expect(ada.savedState).toMatchObject({
    saved: false,
    unsavedChanges: 2,
    reason: expect.stringContaining('read') as string,
  });
  expect(await storedText(server, 'd')).toBe('before ');

  await server.server.setAccess({ document: 'd', user: 'ada', access: null });
  await ada.whenSaved();
  expect(accesses).toEqual(['write', 'read', 'write']);
  expect(await storedText(server, 'd')).toBe('before meanwhile and more ');
  expect(ada.status).toBe('synced');
});

test('the same for a stock client: it stays, its edits are refused, and asked for when it may write again', async () => {
  const server = await start();
  const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warnings.mockRestore());
  const ada = stockClient(server.syncUrl, 'd', await tokenFor('ada', WRITE));
  await expect.poll(() => ada.synced).toBe(true);
  await server.server.setAccess({ document: 'd', user: 'ada', access: 'comment' });
  write(ada, 'meanwhile');
  await expect.poll(() => warnings.mock.calls.length).toBe(1);
  expect(String(warnings.mock.calls[0])).toContain('You may read this document, not change it.');
  expect(await storedText(server, 'd')).toBe('');
  await server.server.setAccess({ document: 'd', user: 'ada', access: 'write' });
  await expect.poll(() => storedText(server, 'd')).toBe('meanwhile');
  expect(ada.wsconnected).toBe(true);
});

test('who may do nothing any more is closed with 4403 and stays away; others stay', async () => {
  const server = await start();
  const [ada, ben] = [
    ourClient(server.syncUrl, 'd', { token: await tokenFor('ada', WRITE) }),
    ourClient(server.syncUrl, 'd', { token: await tokenFor('ben', WRITE) }),
  ];
  const stock = stockClient(server.syncUrl, 'd', await tokenFor('ada', WRITE));
  await Promise.all([ada.whenSynced(), ben.whenSynced()]);
  await expect.poll(() => stock.synced).toBe(true);
  const closes = [closeOf(ada), stockCloseOf(stock)] as const;
  const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warnings.mockRestore());
  await server.server.setAccess({ document: 'd', user: 'ada', access: 'none' });
  expect(await closes[0]).toEqual({ code: 4403, reason: 'forbidden' });
  expect(await closes[1]).toBe(4403);
  write(ben, 'still here');
  await ben.whenSaved();
  expect(ada.nextAttemptAt).toBeUndefined();
});

test('what was set outlives a restart, and ends with the document', async () => {
  const first = await start();
  await first.server.setAccess({ document: 'd', user: 'ada', access: 'read' });
  await first.close();
  const server = await start(TOKENS, {}, first.folder);
  const token = await tokenFor('ada', WRITE);
  const reader = ourClient(server.syncUrl, 'd', { token });
  await reader.whenSynced();
  expect(reader.access).toBe('read');
  reader.destroy();

  const admin = { Authorization: `Bearer ${await tokenFor('root', { admin: true })}` };
  await fetch(`${server.httpUrl}/api/documents`, { method: 'POST', headers: admin, body: '{"document":"d"}' });
  const deleted = await fetch(`${server.httpUrl}/api/documents/d`, { method: 'DELETE', headers: admin });
  expect(deleted.status).toBe(204);
  const writer = ourClient(server.syncUrl, 'd', { token });
  await writer.whenSynced();
  expect(writer.access).toBe('write');
});

test('revoking a user ends their connections everywhere and their tokens, also after a restart; a new token counts', async () => {
  const first = await start();
  const old = await tokenFor('ada', { ...WRITE, issuedIn: -10 });
  const clients = ['a', 'b'].map((document) => ourClient(first.syncUrl, document, { token: old }));
  const ben = ourClient(first.syncUrl, 'a', { token: await tokenFor('ben', { ...WRITE, issuedIn: -10 }) });
  await Promise.all([...clients, ben].map((client) => client.whenSynced()));
  const closes = clients.map(closeOf);
  await first.server.revoke({ user: 'ada' });
  for (const close of closes) expect(await close).toEqual({ code: 4403, reason: 'forbidden' });
  expect(ben.status).toBe('synced');
  ben.destroy();
  await first.close();

  const server = await start(TOKENS, {}, first.folder);
  const again = ourClient(server.syncUrl, 'a', { token: old });
  expect(await closeOf(again)).toEqual({ code: 4401, reason: 'unauthorized' });
  const list = await fetch(`${server.httpUrl}/api/documents`, { headers: { Authorization: `Bearer ${old}` } });
  expect(list.status).toBe(401);
  const renewed = ourClient(server.syncUrl, 'a', { token: await tokenFor('ada', { ...WRITE, issuedIn: 2 }) });
  await renewed.whenSynced();
});

test('revoking a document sends everybody away from it, and ends what was issued until then for it alone', async () => {
  const server = await start();
  const old = await tokenFor('ada', { ...WRITE, issuedIn: -10 });
  const [there, elsewhere] = [
    ourClient(server.syncUrl, 'a', { token: old }),
    ourClient(server.syncUrl, 'b', { token: old }),
  ];
  await Promise.all([there.whenSynced(), elsewhere.whenSynced()]);
  const closed = closeOf(there);
  await server.server.revoke({ document: 'a' });
  expect(await closed).toEqual({ code: 4403, reason: 'forbidden' });
  expect(elsewhere.status).toBe('synced');
  expect(await closeOf(ourClient(server.syncUrl, 'a', { token: old }))).toMatchObject({ code: 4401 });
  const headers = { Authorization: `Bearer ${old}` };
  expect((await fetch(`${server.httpUrl}/api/documents/a/update`, { headers })).status).toBe(401);
  await expect(server.server.revoke({})).rejects.toThrow(TypeError);
});

test('a function is asked again about open connections, and what it says now counts', async () => {
  const rules = new Map<string, Access>([
    ['ada', 'write'],
    ['ben', 'write'],
  ]);
  const server = await start({ ...TOKENS, authorize: (user) => rules.get(user?.id ?? '') ?? 'none' });
  const [ada, ben] = [
    ourClient(server.syncUrl, 'd', { token: await tokenFor('ada') }),
    ourClient(server.syncUrl, 'd', { token: await tokenFor('ben') }),
  ];
  await Promise.all([ada.whenSynced(), ben.whenSynced()]);
  rules.set('ada', 'read').delete('ben');
  await server.server.recheckAccess({ user: 'ada' });
  await expect.poll(() => ada.access).toBe('read');
  expect(ben.status).toBe('synced');
  const closed = closeOf(ben);
  await server.server.recheckAccess();
  expect(await closed).toEqual({ code: 4403, reason: 'forbidden' });
});

test('who is revoked while it is being found out what they may do does not get in', async () => {
  let asked = 0;
  let answer = (_: Access): void => {};
  const server = await start({
    ...TOKENS,
    authorize: () =>
      new Promise<Access>((resolve) => {
        asked++;
        answer = resolve;
      }),
  });
  const ada = ourClient(server.syncUrl, 'd', { token: await tokenFor('ada', { issuedIn: -10 }) });
  await expect.poll(() => asked).toBe(1);
  await server.server.revoke({ user: 'ada' });
  answer('write');
  expect(await closeOf(ada)).toMatchObject({ code: 4403 });
});

test('what is set while it is being found out what they may do counts from the beginning', async () => {
  let asked = 0;
  let answer = (_: Access): void => {};
  const server = await start({
    ...TOKENS,
    authorize: () =>
      new Promise<Access>((resolve) => {
        asked++;
        answer = resolve;
      }),
  });
  const ada = ourClient(server.syncUrl, 'd', { token: await tokenFor('ada') });
  await expect.poll(() => asked).toBe(1);
  const set = server.server.setAccess({ document: 'd', user: 'ada', access: 'read' });
  answer('write');
  await set;
  await ada.whenSynced();
  expect(ada.access).toBe('read');
});

test('a new token comes in time on the same connection, again and again, and nothing is lost', async () => {
  const server = await start(TOKENS, { tokenWarningMs: 1_000 });
  let fetched = 0;
  const ada = ourClient(server.syncUrl, 'd', {
    token: () => {
      fetched++;
      return tokenFor('ada', { ...WRITE, expiresIn: 2 });
    },
  });
  await ada.whenSynced();
  const statuses: string[] = [];
  ada.on('status', ({ status }) => statuses.push(status));
  let written = '';
  while (fetched < 4) {
    written += 'x';
    write(ada, 'x');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await ada.whenSaved();
  expect(statuses).toEqual([]);
  expect(await storedText(server, 'd')).toBe(written);
});

test('without a new one in time the connection ends with 4401; the client fetches one and loses nothing', async () => {
  const server = await start(TOKENS, { tokenWarningMs: 1 });
  let fetched = 0;
  const ada = ourClient(server.syncUrl, 'd', {
    // What is fetched ahead of time does not come: as if the warning had been lost.
    token: () => (++fetched % 2 === 1 ? tokenFor('ada', { ...WRITE, expiresIn: 1 }) : new Promise(() => {})),
    connectTimeoutMs: 1_000,
  });
  await ada.whenSynced();
  const statuses: string[] = [];
  ada.on('status', ({ status }) => statuses.push(status));
  let written = '';
  await expect
    .poll(() => {
      written += 'x';
      write(ada, 'x');
      return statuses;
    })
    .toContain('offline');
  await expect.poll(() => ada.status).toBe('synced');
  await ada.whenSaved();
  expect(await storedText(server, 'd')).toBe(written);
});

test('a token that cannot be fetched for a while is fetched again, and what was written meanwhile is saved', async () => {
  const server = await start();
  let failures = 0;
  const ada = ourClient(server.syncUrl, 'd', {
    token: async () => {
      if (failures++ < 3) throw new Error('the identity provider is down');
      return tokenFor('ada', WRITE);
    },
  });
  const closed = vi.fn();
  ada.on('closed', closed);
  write(ada, 'meanwhile');
  await ada.whenSaved();
  expect(closed).not.toHaveBeenCalled();
  expect(await storedText(server, 'd')).toBe('meanwhile');
});

test('a new token of another user, or one that is none, ends the connection with 4401', async () => {
  const server = await start();
  for (const token of [await tokenFor('ben', WRITE), 'nonsense']) {
    const client = await RawClient.connect('hello', server.syncUrl, 'd', await tokenFor('ada', WRITE));
    await client.settle();
    client.send({ type: 'token', token });
    expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' });
  }
});

test('a new token may give less or more: the answer says what', async () => {
  const server = await start();
  const client = await RawClient.connect('hello', server.syncUrl, 'd', await tokenFor('ada', WRITE));
  await client.settle();
  client.send({ type: 'token', token: await tokenFor('ada', { documents: { d: 'read' } }) });
  await expect.poll(() => client.count('event')).toBe(1);
  expect(client.received.at(-1)).toEqual({ type: 'event', event: { type: 'access', access: 'read' } });
  client.send({ type: 'token', token: await tokenFor('ada', {}) });
  expect(await client.closed).toEqual({ code: 4403, reason: 'forbidden' });
});

test('a welcome says for whom the server takes the client', async () => {
  const server = await start();
  const client = await RawClient.connect(
    'hello',
    server.syncUrl,
    'd',
    await tokenFor('ada', { ...WRITE, name: 'Ada', admin: false }),
  );
  await client.settle();
  expect(client.received[0]).toMatchObject({
    type: 'welcome',
    welcome: { access: 'write', user: { id: 'ada', name: 'Ada' } },
  });
});

test('a document is not opened for somebody who may not read it', async () => {
  const server = await start();
  const read = vi.spyOn(LevelStorage.prototype, 'info');
  onTestFinished(() => read.mockRestore());
  const client = await RawClient.connect('hello', server.syncUrl, 'closed', await tokenFor('ada', {}));
  expect(await client.closed).toMatchObject({ code: 4403 });
  const reader = await RawClient.connect('hello', server.syncUrl, 'open', await tokenFor('ada', WRITE));
  await reader.settle();
  expect(read.mock.calls.map(([document]) => document)).toEqual(['open']);
});

test('a reader that comes back says what it has, to the last deletion, and is not refused for that', async () => {
  const first = await start();
  const writer = ourClient(first.syncUrl, 'd', { token: await tokenFor('ada', WRITE) });
  await writer.whenSynced();
  write(writer, 'much of this goes again');
  writer.doc.getText().delete(0, 8);
  await writer.whenSaved();
  const state = Y.encodeStateAsUpdate(writer.doc);
  writer.destroy();
  await first.close();

  const server = await start(TOKENS, {}, first.folder);
  for (const type of ['sync-step-2', 'update'] as const) {
    const reader = await RawClient.connect(
      'hello',
      server.syncUrl,
      'd',
      await tokenFor('ben', { documents: { d: 'read' } }),
    );
    reader.send({ type, update: state });
    reader.send({ type: 'sync-status', payload: Uint8Array.of(1) });
    await expect.poll(() => reader.count('sync-status')).toBe(1);
    expect(reader.count('refusal')).toBe(0);
  }
});
