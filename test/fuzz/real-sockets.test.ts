import { isDeepStrictEqual } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { seededRandom } from '../support/random.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { contentOf, randomEdit } from './random-edit.ts';

const PEERS = 8;
const STEPS = 250;

test.for([1, 2, 3, 4, 5])(
  'seed %i over real sockets and LevelDB: all peers end equal, and so does one that comes after a restart',
  async (seed) => {
    const random = seededRandom(seed);
    const folder = await temporaryFolder();
    let server = await startServer(folder, 0, { compactEntries: 20 });
    const { port, syncUrl } = server;
    const peers: ScriptoriumProvider[] = [];
    const join = () => {
      const peer = new ScriptoriumProvider(syncUrl, 'fuzz', new Y.Doc(), { maxBackoffMs: 50 });
      peers.push(peer);
      return peer;
    };
    onTestFinished(async () => {
      for (const peer of peers) peer.destroy();
      await server.close();
    });
    const restart = async () => {
      await server.close();
      server = await startServer(folder, port, { compactEntries: 20 });
    };

    for (let i = 0; i < PEERS; i++) join();
    for (let i = 0; i < STEPS; i++) {
      const dice = random();
      const peer = peers[Math.floor(random() * peers.length)] ?? join();
      if (dice < 0.7) randomEdit(peer.doc, random);
      else if (dice < 0.8) peer.disconnect();
      else if (dice < 0.95) peer.connect();
      else if (dice < 0.97) join();
      else if (dice < 0.98) await restart();
      if (random() < 0.3) await new Promise(setImmediate);
    }

    for (const peer of peers) peer.connect();
    await Promise.all(
      peers.map(async (peer) => {
        await peer.whenSynced();
        await peer.whenSaved();
      }),
    );
    const [first] = peers;
    await expect
      .poll(() => peers.every(({ doc }) => first && isDeepStrictEqual(contentOf(doc), contentOf(first.doc))), {
        timeout: 10_000,
      })
      .toBe(true);
    await restart();
    const late = join();
    await late.whenSynced();
    expect(contentOf(late.doc)).toEqual(first && contentOf(first.doc));
  },
);
