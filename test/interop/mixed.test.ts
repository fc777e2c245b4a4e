import { expect, onTestFinished, test } from 'vitest';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { createServer } from '../../server/index.ts';
import { ourClient } from '../support/clients.ts';
import { HOCUSPOCUS_VERSIONS, hocuspocusClient } from '../support/hocuspocus-clients.ts';
import { Y_WEBSOCKET_VERSIONS, YrsClient, ySweetClient, yWebsocketClient } from '../support/other-clients.ts';
import { serveFolder } from '../support/scriptorium.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TroubledStorage } from '../support/troubled-storage.ts';

/** A client of whatever kind. */
interface Participant {
  readonly name: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly synced: () => boolean;
}

/** One of each kind that there is, all in one document. */
function everybody(url: string, document: string): Participant[] {
  const syncUrl = `${url.replace('http', 'ws')}/sync`;
  const hocuspocus = HOCUSPOCUS_VERSIONS.map((version) => {
    const provider = hocuspocusClient(url, document, {}, version);
    const { awareness } = provider;
    if (!awareness) throw new Error('it has one');
    const synced = (): boolean => provider.synced && !provider.hasUnsyncedChanges;
    return { name: `hocuspocus ${version}`, doc: provider.document, awareness, synced };
  });
  const yWebsocket = Y_WEBSOCKET_VERSIONS.map((version) => {
    const provider = yWebsocketClient(version, syncUrl, document);
    return {
      name: `y-websocket ${version}`,
      doc: provider.doc,
      awareness: provider.awareness,
      synced: () => provider.synced,
    };
  });
  const sweet = ySweetClient(syncUrl, document);
  const ours = ourClient(syncUrl, document);
  return [
    ...hocuspocus,
    ...yWebsocket,
    { name: 'y-sweet', doc: doc(sweet), awareness: sweet.awareness, synced: () => !sweet.hasLocalChanges },
    { name: 'ours', doc: ours.doc, awareness: ours.awareness, synced: () => ours.savedState.saved },
  ];
}

const doc = (provider: ReturnType<typeof ySweetClient>): Y.Doc => (provider as unknown as { doc: Y.Doc }).doc;
const text = (participant: Participant): string => participant.doc.getText('').toString();

/** Whom each of them sees, by name. */
const seen = (participants: readonly Participant[]): unknown[] =>
  participants.map(({ awareness }) =>
    [...awareness.getStates().values()].flatMap((state) => state['name'] ?? []).sort(),
  );

test('clients of every kind write one document, see each other, and go on after the server was killed', async () => {
  const folder = await temporaryFolder();
  const first = await serveFolder(folder);
  const all = everybody(first.url, 'shared');
  const yrs = new YrsClient(first.syncUrl, 'shared');
  const names = all.map(({ name }) => name).sort();
  for (const { awareness, name } of all) awareness.setLocalStateField('name', name);
  await expect.poll(() => seen(all), { timeout: 15_000 }).toEqual(all.map(() => names));
  for (const participant of all) participant.doc.getText('').insert(0, `[${participant.name}]`);
  yrs.insert(0, '[yrs]');
  const whole = (): boolean =>
    [...names, 'yrs'].every((name) => yrs.text.includes(`[${name}]`)) && all.every((one) => text(one) === yrs.text);
  await expect.poll(whole, { timeout: 15_000 }).toBe(true);
  await expect.poll(() => all.filter(({ synced }) => !synced()).map(({ name }) => name)).toEqual([]);

  first.program.kill('SIGKILL');
  await first.program.ended;
  for (const participant of all) participant.doc.getText('').insert(0, `(${participant.name})`);
  yrs.insert(0, '(yrs)');
  const second = await serveFolder(folder, first.port);
  const delivered = (): boolean =>
    [...names, 'yrs'].every((name) => yrs.text.includes(`(${name})`)) && all.every((one) => text(one) === yrs.text);
  await expect.poll(delivered, { timeout: 30_000 }).toBe(true);
  await expect.poll(() => all.filter(({ synced }) => !synced()).map(({ name }) => name)).toEqual([]);
  await expect.poll(() => seen(all), { timeout: 20_000 }).toEqual(all.map(() => names));
  const late = ourClient(second.syncUrl, 'shared');
  await late.whenSynced();
  expect(late.doc.getText('').toString()).toBe(yrs.text);
}, 120_000);

test('a y-sweet provider has local changes until they are durable', async () => {
  const storage = new TroubledStorage();
  const server = createServer({ storage });
  const { url } = await server.listen({ port: 0 });
  onTestFinished(async () => {
    storage.mode = 'well';
    await server.close();
  });
  const syncUrl = `${url.replace('http', 'ws')}/sync`;
  const ada = ySweetClient(syncUrl, 'd');
  const ben = ySweetClient(syncUrl, 'd');
  const changes: boolean[] = [];
  ada.on('local-changes', (has: boolean) => changes.push(has));
  await expect.poll(() => [ada.status, ben.status]).toEqual(['connected', 'connected']);
  await expect.poll(() => ada.hasLocalChanges).toBe(false);
  storage.mode = 'hanging';
  doc(ada).getText('').insert(0, 'not yet');
  await expect.poll(() => doc(ben).getText('').toString()).toBe('not yet');
  expect(ada.hasLocalChanges).toBe(true);
  storage.mode = 'well';
  await expect.poll(() => ada.hasLocalChanges).toBe(false);
  expect(changes.slice(-2)).toEqual([true, false]);
});

test('peers on Yrs and on Yjs converge, whoever was first, with formatting, deletions and what they wrote apart', async () => {
  const server = await startServer(await temporaryFolder());
  onTestFinished(() => server.close());
  const ours = ourClient(server.syncUrl, 'd');
  await ours.whenSynced();
  ours.doc.getText('').insert(0, 'The quick brown fox', { bold: true });
  ours.doc.getMap('map').set('key', new Y.Array());
  const yrs = new YrsClient(server.syncUrl, 'd');
  await expect.poll(() => yrs.text).toBe('The quick brown fox');
  for (let i = 0; i < 200; i++) {
    const length = ours.doc.getText('').length;
    if (i % 3 === 0) yrs.insert(i % Math.max(1, yrs.text.length), `${i} `);
    else if (i % 3 === 1) ours.doc.getText('').insert(i % length, `<${i}>`);
    else ours.doc.getText('').delete(i % (length - 2), 2);
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await expect.poll(() => yrs.text === ours.doc.getText('').toString()).toBe(true);
  await expect.poll(() => ours.savedState.saved).toBe(true);
  const late = new YrsClient(server.syncUrl, 'd');
  await expect.poll(() => late.synced && late.text).toBe(yrs.text);
  const stored = await fetch(`${server.httpUrl}/api/documents/d/update`);
  const whole = new Y.Doc();
  Y.applyUpdate(whole, new Uint8Array(await stored.arrayBuffer()));
  expect(whole.getText('').toString()).toBe(yrs.text);
});
