import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { MemoryStorage } from '../../persistence/index.ts';
import { encodeBare } from '../../protocol/index.ts';
import { createServer, type Limits } from '../../server/index.ts';

const stepOne = encodeBare({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });

/** A store whose reading is held back until it is told to go on; and how much is read at once. */
class SlowStorage extends MemoryStorage {
  reading = 0;
  mostAtOnce = 0;
  #held: (() => void)[] | undefined;

  hold(): void {
    this.#held = [];
  }

  release(): void {
    for (const go of this.#held ?? []) go();
    this.#held = undefined;
  }

  override async info(document: string) {
    this.reading++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.reading);
    if (this.#held) await new Promise<void>((resolve) => this.#held?.push(resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.reading--;
    return super.info(document);
  }
}

async function serve(limits: Partial<Limits>) {
  const storage = new SlowStorage();
  const server = createServer({ storage, limits });
  onTestFinished(() => server.close());
  const { url } = await server.listen({ port: 0 });
  return { storage, url: `${url.replace('http', 'ws')}/sync` };
}

/** Says hello as a stock client does; resolves with the close code, or 0 when it is answered. */
async function join(url: string, document: string): Promise<number> {
  const socket = new WebSocket(`${url}/${document}`);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  socket.send(stepOne);
  return new Promise((resolve) => {
    socket.once('message', () => resolve(0));
    socket.once('close', resolve);
  });
}

test('documents are read a few at a time, however many are asked for at once', async () => {
  const { storage, url } = await serve({ maxConcurrentLoads: 3 });
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => join(url, `d${i}`)));
  expect(answers).toEqual(answers.map(() => 0));
  expect(storage.mostAtOnce).toBe(3);
});

test('who would have to wait too long is told to come back later, and those inside go on', async () => {
  const { storage, url } = await serve({ maxConcurrentLoads: 1, maxWaitingJoins: 5 });
  const [doc, other] = [new Y.Doc(), new Y.Doc()];
  const inside = [doc, other].map((one) => new ScriptoriumProvider(url, 'open', one));
  onTestFinished(() => inside.forEach((provider) => void provider.destroy()));
  await Promise.all(inside.map((provider) => provider.whenSynced()));

  storage.hold();
  const answers = Promise.all(Array.from({ length: 20 }, (_, i) => join(url, `d${i}`)));
  const refused = await Promise.race([answers, new Promise((resolve) => setTimeout(resolve, 500, 'held'))]);
  expect(refused).toBe('held');
  doc.getText().insert(0, 'still here');
  await expect.poll(() => other.getText().toJSON()).toBe('still here');
  storage.release();
  const codes = await answers;
  // One is being read and five wait; how many more come in while those are refused is the network's business.
  expect(codes.filter((code) => code === 1013).length).toBeGreaterThan(0);
  expect(codes.filter((code) => code === 0).length).toBeGreaterThanOrEqual(6);
  expect(codes.every((code) => code === 0 || code === 1013)).toBe(true);
});

test('a provider that was told to come back later does so by itself', async () => {
  const { storage, url } = await serve({ maxConcurrentLoads: 1, maxWaitingJoins: 1 });
  storage.hold();
  const docs = Array.from({ length: 6 }, () => new Y.Doc());
  const providers = docs.map((doc, i) => new ScriptoriumProvider(url, `d${i}`, doc));
  onTestFinished(() => providers.forEach((provider) => void provider.destroy()));
  const refused: string[] = [];
  for (const provider of providers) provider.on('refused', ({ code }) => void refused.push(code));
  await expect.poll(() => refused).toContain('server-busy');
  storage.release();
  await Promise.all(providers.map((provider) => provider.whenSynced()));
});
