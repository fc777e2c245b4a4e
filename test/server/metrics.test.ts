import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { createServer, type ServerOptions } from '../../server/index.ts';

async function serve(options: ServerOptions = {}) {
  const server = createServer(options);
  onTestFinished(() => server.close());
  const { url } = await server.listen({ port: 0 });
  const values = async (): Promise<Map<string, number>> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
    );
  };
  return { url, syncUrl: `${url.replace('http', 'ws')}/sync`, values };
}

function join(syncUrl: string, document: string): ScriptoriumProvider {
  const provider = new ScriptoriumProvider(syncUrl, document, new Y.Doc());
  onTestFinished(() => provider.destroy());
  return provider;
}

test('what people do can be counted', async () => {
  const { syncUrl, values } = await serve({ limits: { compactEntries: 3 } });
  const [writer, reader] = [join(syncUrl, 'a'), join(syncUrl, 'a')];
  await Promise.all([writer.whenSynced(), reader.whenSynced()]);
  for (let i = 0; i < 5; i++) {
    writer.doc.getText().insert(0, 'x');
    await writer.whenSaved();
  }
  await expect.poll(() => reader.doc.getText().length).toBe(5);
  await expect.poll(async () => (await values()).get('scriptorium_compaction_seconds_count')).toBeGreaterThan(0);
  const after = await values();
  expect(after.get('scriptorium_connections')).toBe(2);
  expect(after.get('scriptorium_rooms')).toBe(1);
  expect(after.get('scriptorium_edits_total')).toBe(5);
  expect(after.get('scriptorium_append_entries_sum')).toBe(5);
  expect(after.get('scriptorium_deliveries_total')).toBeGreaterThanOrEqual(5);
  expect(after.get('scriptorium_flush_messages_count')).toBeGreaterThan(0);
  expect(after.get('scriptorium_outbox_bytes')).toBe(0);
  expect(after.get('scriptorium_rooms_waiting')).toBe(0);
  expect(after.get('scriptorium_snapshot_cache_bytes')).toBeGreaterThan(0);
  expect(after.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);

  const joined = join(syncUrl, 'a');
  await joined.whenSynced();
  const misses = (await values()).get('scriptorium_snapshot_cache_misses_total') ?? 0;
  expect(misses).toBeGreaterThan(0);
});

test('who is sent away is counted by what it was told', async () => {
  const { syncUrl, values } = await serve();
  const socket = new WebSocket(`${syncUrl}/a`);
  await once(socket, 'open');
  socket.send('text');
  await once(socket, 'close');
  expect((await values()).get('scriptorium_refusals_total{code="malformed-message"}')).toBe(1);
});

test('they can be switched off', async () => {
  const { url } = await serve({ metrics: false });
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
});

test('where there is access control they are for who looks after the whole server', async () => {
  const { url } = await serve({
    authenticate: ({ token }) => (token === undefined ? null : { id: token, admin: token === 'root' }),
  });
  const statusFor = async (headers: Record<string, string>) => (await fetch(`${url}/metrics`, { headers })).status;
  expect(await statusFor({})).toBe(401);
  expect(await statusFor({ Authorization: 'Bearer ada' })).toBe(403);
  expect(await statusFor({ Authorization: 'Bearer root' })).toBe(200);
});
