import { expect, onTestFinished, test } from 'vitest';
import { HOCUSPOCUS_VERSIONS, hocuspocusClient } from '../support/hocuspocus-clients.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each(HOCUSPOCUS_VERSIONS)('two clients of version %i co-edit and see each other', async (version) => {
  const server = await startServer(await temporaryFolder());
  onTestFinished(() => server.close());
  const ada = hocuspocusClient(server.httpUrl, 'shared', {}, version);
  const ben = hocuspocusClient(server.httpUrl, 'shared', {}, version);
  await expect.poll(() => ada.synced && ben.synced).toBe(true);
  await expect.poll(() => [ada.unsyncedChanges, ben.unsyncedChanges]).toEqual([0, 0]);
  expect(ada.authorizedScope).toBe('read-write');
  ada.document.getText().insert(0, 'Hello');
  await expect.poll(() => ben.document.getText().toString()).toBe('Hello');
  await expect.poll(() => [ada.unsyncedChanges, ben.unsyncedChanges]).toEqual([0, 0]);
  ada.setAwarenessField('name', 'Ada');
  await expect.poll(() => ben.awareness?.getStates().get(ada.document.clientID)?.['name']).toBe('Ada');
});
