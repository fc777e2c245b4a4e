import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { ScriptoriumServer } from '../../server/index.ts';
import { ourClient, textOf } from '../support/clients.ts';
import { writeHocuspocusSqlite, writeUpdateFiles, writeYLeveldb } from '../support/foreign-stores.ts';
import { runScriptorium, scriptorium } from '../support/scriptorium.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/migrating.md', import.meta.url)), 'utf8');

/** The code on the page, each with what it is written in. */
const blocks = [...page.matchAll(/```(js|sh)\n([\s\S]*?)```/g)].map(([, language, code = '']) => ({ language, code }));

/** The block with these words in it; each is asked for once. */
const left = new Set(blocks);
function block(words: string): string {
  const found = [...left].filter(({ code }) => code.includes(words));
  const [first] = found;
  if (first === undefined) throw new Error(`there is no such code on the page: ${words}`);
  left.delete(first);
  return first.code;
}

/** Where the page's addresses are in this test. */
interface Addresses {
  readonly docs?: string;
  readonly old?: string;
}

const at = (code: string, { docs = '', old = '' }: Addresses): string =>
  code
    .replaceAll('wss://docs.example.com', docs.replace('http', 'ws'))
    .replaceAll('https://docs.example.com', docs)
    .replaceAll('https://old.example.com', old);

/** Runs a block with what it takes for given, and answers with the constant that it ends with. */
async function run(code: string, given: Record<string, unknown>, addresses: Addresses, answer: string) {
  const body = at(code, addresses).replace(
    /import (\{[^}]*\}) from '([^']+)';/g,
    (_, names: string, from: string) => `const ${names} = await load('${from}');`,
  );
  const load = (name: string): Promise<unknown> => {
    if (name === 'scriptorium/server') return import('../../server/index.ts');
    if (name === 'scriptorium/client') return import('../../client/node.ts');
    return import(/* @vite-ignore */ name);
  };
  const names = ['load', ...Object.keys(given)];
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<unknown>;
  return new AsyncFunction(...names, `${body}\nreturn ${answer};`)(load, ...Object.values(given));
}

const textDoc = (text: string): Y.Doc => {
  const doc = new Y.Doc();
  doc.getText().insert(0, text);
  return doc;
};
const updateOf = (text: string): Uint8Array => Y.encodeStateAsUpdate(textDoc(text));

async function serve(options: Parameters<typeof startServer>[3] = {}) {
  const server = await startServer(await temporaryFolder(), 0, {}, options);
  onTestFinished(() => server.close());
  return server;
}

interface Stock {
  disconnect(): void;
  destroy(): void;
}

// Browsers have it; Node 20 does not.
beforeEach(() => {
  vi.stubGlobal('WebSocket', WebSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the page about moving here', () => {
  test.each([
    ["y-websocket's, with its address", "WebsocketProvider('wss://docs.example.com/sync', 'letter', doc);"],
    ['y-websocket with a token', 'params: { token }'],
    ['ours', 'new ScriptoriumProvider('],
    ["Hocuspocus'", 'new HocuspocusProvider('],
    ["y-sweet's", 'createYjsProvider(doc'],
  ])('has the lines of a client that work: %s', async (_, words) => {
    const { httpUrl, syncUrl } = await serve();
    const doc = textDoc('moved');
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const provider = (await run(block(words), { doc, token: 't' }, { docs: httpUrl }, 'provider')) as Stock;
    onTestFinished(() => {
      provider.disconnect();
      provider.destroy();
      doc.destroy();
    });
    const other = ourClient(syncUrl, 'letter');
    await expect.poll(() => textOf(other)).toBe('moved');
    doc.getText().insert(5, ' and written');
    await expect.poll(() => textOf(other)).toBe('moved and written');
    const unsaved = provider as { hasUnsyncedChanges?: boolean; hasLocalChanges?: boolean };
    if (words.includes('Hocuspocus')) await expect.poll(() => unsaved.hasUnsyncedChanges).toBe(false);
    if (words.includes('createYjs')) await expect.poll(() => unsaved.hasLocalChanges).toBe(false);
  });

  test('has access of your own', async () => {
    const sessions = new Map([['secret', { id: 'ada' }]]);
    const rightsOf = (user: string, document: string) => (user === 'ada' && document === 'hers' ? 'write' : 'read');
    const given = { sessions, rightsOf };
    const server = (await run(block('authenticate: ('), given, {}, 'scriptorium')) as ScriptoriumServer;
    onTestFinished(() => server.close());
    const { url } = await server.listen({ port: 0 });
    const put = async (document: string, token: string): Promise<number> =>
      (
        await fetch(`${url}/api/documents/${document}`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${token}` },
          body: '{}',
        })
      ).status;
    expect(await Promise.all([put('hers', 'secret'), put('other', 'secret'), put('hers', 'none')])).toEqual([
      201, 403, 401,
    ]);
  });

  test('has the commands that import', async () => {
    const folder = await temporaryFolder();
    await writeYLeveldb(join(folder, 'dbDir'), new Map([['letter', [updateOf('a')]]]));
    await writeHocuspocusSqlite(join(folder, 'db.sqlite'), new Map([['memo', textDoc('b')]]));
    await writeUpdateFiles(join(folder, 'updates'), {
      'team%2Fplan.bin': updateOf('c'),
      'team/other.bin': updateOf('d'),
    });
    const command = (words: string): readonly string[] =>
      block(words)
        .trim()
        .split(' ')
        .slice(1)
        .map((word) => (word.startsWith('./') ? join(folder, word) : word));
    const outputs: string[] = [];
    for (const words of ['--dry-run', 'from y-leveldb', 'hocuspocus-sqlite', 'from updates']) {
      const { code, stdout, stderr } = await runScriptorium(command(words));
      expect([code, stderr]).toEqual([0, '']);
      outputs.push(stdout.trim());
    }
    expect(outputs).toEqual([
      'nothing is written; there are 1 document to import',
      '1 document imported',
      '1 document imported',
      '2 documents imported',
    ]);
  });

  test.each([
    ['in code', 'loadDocument: async'],
    ['without code', '--fallback-fetch'],
  ])('has documents that come when they are opened, %s', async (_, words) => {
    const http = createHttpServer((request, response) => {
      if (request.url === '/doc/letter/as-update') response.end(updateOf('from the old system'));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      http.closeAllConnections();
      http.close();
    });
    const old = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const code = block(words);
    let url: string;
    if (words.startsWith('--')) {
      const folder = await temporaryFolder();
      const args = at(code, { old }).trim().replace('./data', folder).split(' ').slice(1);
      const line = await scriptorium([...args, '--port', '0']).line((text) => text.includes('"url"'));
      ({ url } = JSON.parse(line) as { url: string });
    } else {
      const server = (await run(code, {}, { old }, 'scriptorium')) as ScriptoriumServer;
      onTestFinished(() => server.close());
      ({ url } = await server.listen({ port: 0 }));
    }
    const syncUrl = `${url.replace('http', 'ws')}/sync`;
    const [letter, fresh] = [ourClient(syncUrl, 'letter'), ourClient(syncUrl, 'new')];
    await Promise.all([letter.whenSynced(), fresh.whenSynced()]);
    expect([textOf(letter), textOf(fresh)]).toEqual(['from the old system', '']);
  });

  test('has no other code', () => {
    expect([...left].map(({ code }) => code)).toEqual([]);
  });
});
