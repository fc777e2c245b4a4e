import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { readTrace, seenBefore, type Trace, type TraceTransaction } from './trace.ts';

/**
 * Somebody of a recording: a replica that holds exactly what the recording says that this person saw, and a provider
 * whose document gets everything at once. What the provider brings waits until the recording has it seen.
 */
class Author {
  readonly #seen = new Y.Doc();
  readonly #provider: ScriptoriumProvider;
  readonly #arrived: Uint8Array[] = [];
  #applied = 0;
  #wake: () => void = () => {};

  constructor(provider: ScriptoriumProvider, agent: number) {
    this.#provider = provider;
    // Where both typed at one place at once, the recording has the text of the lower agent first, as Yjs does by client.
    this.#seen.clientID = agent + 1;
    provider.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== provider) return;
      this.#arrived.push(update);
      this.#wake();
    });
    this.#seen.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this) Y.applyUpdate(provider.doc, update, this);
    });
  }

  /** Waits for so many of the other author's transactions and looks at exactly those. */
  async see(count: number): Promise<void> {
    while (this.#arrived.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    while (this.#applied < count) {
      const update = this.#arrived[this.#applied++];
      if (update) Y.applyUpdate(this.#seen, update);
    }
  }

  write({ patches }: TraceTransaction): void {
    const text = this.#seen.getText();
    this.#seen.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(position, deleted);
        if (inserted !== '') text.insert(position, inserted);
      }
    }, this);
  }

  get provider(): ScriptoriumProvider {
    return this.#provider;
  }
}

/** Each author types what the recording says, in its own time, waiting only for what it must have seen. */
async function replay(trace: Trace, authors: readonly Author[]): Promise<void> {
  const seen = seenBefore(trace);
  const written = authors.map(() => 0);
  await Promise.all(
    authors.map(async (author, agent) => {
      for (const [i, transaction] of trace.transactions.entries()) {
        if (transaction.agent !== agent) continue;
        // An author has always seen all that it wrote itself; that is what makes counting enough.
        expect(seen[i]?.[agent]).toBe(written[agent]);
        await author.see(seen[i]?.find((_, other) => other !== agent) ?? 0);
        author.write(transaction);
        written[agent] = (written[agent] ?? 0) + 1;
        if (i % 64 === 0) await new Promise(setImmediate);
      }
    }),
  );
}

const textOf = ({ doc }: ScriptoriumProvider): string => doc.getText().toString();

test.for(['friendsforever', 'sveltecomponent'])(
  '%s: who typed, who came late and who came after a restart all end at the recorded text',
  { timeout: 120_000 },
  async (name) => {
    const trace = readTrace(name);
    const folder = await temporaryFolder();
    let server = await startServer(folder);
    const providers: ScriptoriumProvider[] = [];
    const join = async (): Promise<ScriptoriumProvider> => {
      const provider = new ScriptoriumProvider(server.syncUrl, name, new Y.Doc());
      providers.push(provider);
      await provider.whenSynced();
      return provider;
    };
    onTestFinished(async () => {
      for (const provider of providers) provider.destroy();
      await server.close();
    });

    const authors = [new Author(await join(), 0), new Author(await join(), 1)];
    await replay(trace, authors);
    await Promise.all(authors.map(({ provider }) => provider.whenSaved()));
    const late = await join();
    await expect.poll(() => authors.map(({ provider }) => textOf(provider) === trace.endContent)).toEqual([true, true]);
    expect(textOf(late)).toBe(trace.endContent);

    for (const provider of providers) provider.destroy();
    await server.close();
    server = await startServer(folder);
    expect(textOf(await join())).toBe(trace.endContent);
  },
);
