import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { encodeBare } from '../../protocol/index.ts';
import { type Ending, type Program, startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const BIN = fromRoot('bin/scriptorium.js');

beforeAll(() => {
  if (!existsSync(fromRoot('dist/server/cli.js'))) {
    throw new Error('The program is not built. Run `npm run build` first; `npm test` does it by itself.');
  }
});

/** Runs the program to its end. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Program & Ending> {
  const program = startProgram([BIN, ...args], env);
  const ending = await program.ended;
  return Object.assign(program, ending);
}

/** Starts the program and waits until it says where it is. */
async function serve(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const program = startProgram([BIN, ...args], env);
  const line = await program.line((text) => text.includes('"url"'));
  const { url } = JSON.parse(line) as { url: string };
  return { program, url, port: Number(new URL(url).port), syncUrl: `${url.replace('http', 'ws')}/sync` };
}

const serveFolder = (folder: string, ...args: string[]) => serve(['--port', '0', '--data', folder, ...args]);

function connect(syncUrl: string, document: string): ScriptoriumProvider {
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  return new ScriptoriumProvider(syncUrl, document, doc);
}

async function readText(syncUrl: string, document: string): Promise<string> {
  const reader = connect(syncUrl, document);
  await reader.whenSynced();
  const text = reader.doc.getText().toString();
  reader.destroy();
  return text;
}

describe('what it can be asked', () => {
  test('--help says what there is to set, with the defaults and the names in the environment', async () => {
    const { code, stdout, stderr } = await run(['serve', '--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const word of ['--port', '1234', '--host', '127.0.0.1', '--data', '--log-level', '--log-format']) {
      expect(stdout).toContain(word);
    }
    for (const name of ['PORT', 'HOST', 'DATA', 'LOG_LEVEL', 'LOG_FORMAT'])
      expect(stdout).toContain(`SCRIPTORIUM_${name}`);
  });

  test('--help without a command names the commands', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: scriptorium');
    expect(stdout).toContain('serve');
  });

  test('--version says the version of the package and nothing else', async () => {
    const { version } = JSON.parse(await readFile(fromRoot('package.json'), 'utf8')) as { version: string };
    const { code, stdout } = await run(['--version']);
    expect([code, stdout]).toEqual([0, `${version}\n`]);
  });

  test.each([
    ['an unknown option', ['--bogus'], /unknown option '--bogus'/],
    ['an unknown command', ['bogus'], /too many arguments|unknown command/],
    ['a port without a number', ['--port'], /argument missing/],
    ['a port that is no number', ['--port', 'abc'], /'abc' is invalid.*from 0 to 65535/],
    ['an empty port', ['--port', ''], /from 0 to 65535/],
    ['a port that is negative', ['--port=-1'], /from 0 to 65535/],
    ['half a port', ['--port', '1.5'], /from 0 to 65535/],
    ['a port that is too high', ['--port', '65536'], /from 0 to 65535/],
    ['an unknown log level', ['--log-level', 'loud'], /Allowed choices are .*info/],
    ['an unknown log format', ['--log-format', 'xml'], /Allowed choices are json, pretty/],
  ])('%s is refused with a message and exit code 1', async (_, args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /); // a stack trace helps nobody here
  });

  test('a bad port in the environment is refused by the name of its variable', async () => {
    const { code, stderr } = await run([], { SCRIPTORIUM_PORT: 'abc' });
    expect(code).toBe(1);
    expect(stderr).toContain('SCRIPTORIUM_PORT');
    expect(stderr).toContain('from 0 to 65535');
  });
});

describe('where it serves', () => {
  test('on 127.0.0.1 alone unless it is told otherwise', async () => {
    const { url } = await serveFolder(await temporaryFolder());
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test('where the environment says', async () => {
    const folder = join(await temporaryFolder(), 'from the environment');
    const { url, syncUrl } = await serve([], {
      SCRIPTORIUM_PORT: '0',
      SCRIPTORIUM_HOST: '127.0.0.2',
      SCRIPTORIUM_DATA: folder,
    });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.2:/);
    const provider = connect(syncUrl, 'd');
    provider.doc.getText().insert(0, 'text');
    await provider.whenSaved();
    expect(existsSync(join(folder, 'CURRENT'))).toBe(true);
  });

  test('where its arguments say, whatever the environment says', async () => {
    const folder = await temporaryFolder();
    const ignored = join(folder, 'ignored');
    const { url } = await serve(['serve', '-p', '0', '--host', '127.0.0.1', '-d', join(folder, 'used')], {
      SCRIPTORIUM_PORT: '1',
      SCRIPTORIUM_HOST: '127.0.0.2',
      SCRIPTORIUM_DATA: ignored,
    });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect([existsSync(join(folder, 'used')), existsSync(ignored)]).toEqual([true, false]);
  });

  test('says that it lives and that it is ready', async () => {
    const { url } = await serveFolder(await temporaryFolder());
    const answers = await Promise.all(['health', 'ready'].map((path) => fetch(`${url}/${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([{ status: 'ok' }, { status: 'ready' }]);
  });
});

describe('its log', () => {
  test('is JSON lines on standard output, the first of them with the URL and the folder', async () => {
    const folder = await temporaryFolder();
    const { program, url, syncUrl } = await serveFolder(folder);
    const bad = new WebSocket(`${syncUrl}/d`);
    await once(bad, 'open');
    bad.send(Uint8Array.of(77));
    await once(bad, 'close');
    program.kill('SIGTERM');
    await program.ended;
    const lines = program.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ url, data: folder, msg: expect.stringContaining(url) as string });
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['stopping', 'stopped']));
    expect(lines.find(({ code }) => code === 'UNKNOWN_MESSAGE_TYPE')).toMatchObject({ document: 'd' });
    for (const line of lines) expect(line).toMatchObject({ level: expect.any(Number), time: expect.any(Number) });
    expect(program.stderr).toBe('');
  });

  test('is for people to read when it is asked to be', async () => {
    const folder = await temporaryFolder();
    const program = startProgram([BIN, '-p', '0', '-d', folder, '--log-format', 'pretty']);
    const line = await program.line((text) => text.includes('Scriptorium is at http://127.0.0.1:'));
    expect(line).toContain('INFO');
  });
});

describe('it ends with exit code 1 and a message', () => {
  test('when the port is in use', async () => {
    const other = createServer();
    onTestFinished(() => void other.close());
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const folder = await temporaryFolder();
    const { code, stderr } = await run(['--port', String(port), '--data', folder]);
    expect(code).toBe(1);
    expect(stderr).toContain(`port ${port} on 127.0.0.1 is in use`);
    expect(stderr).not.toMatch(/\n\s+at /);
    // And has let go of the folder.
    await serveFolder(folder);
  });

  test('when the machine does not have the address', async () => {
    const folder = await temporaryFolder();
    const { code, stderr } = await run(['--port', '0', '--host', '203.0.113.1', '--allow-anonymous', '--data', folder]);
    expect(code).toBe(1);
    expect(stderr).toContain('no address 203.0.113.1');
  });

  test('when another process has the folder, which goes on serving', async () => {
    const folder = await temporaryFolder();
    const { url, syncUrl } = await serveFolder(folder);
    const { code, stderr } = await run(['--port', '0', '--data', folder]);
    expect(code).toBe(1);
    expect(stderr).toContain('Another process');
    expect(stderr).toContain(folder);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    const provider = connect(syncUrl, 'd');
    provider.doc.getText().insert(0, 'text');
    await provider.whenSaved();
  });

  test('when the folder is a file', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const { code, stderr } = await run(['--port', '0', '--data', file]);
    expect(code).toBe(1);
    expect(stderr).toContain(file);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('asked to stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s, it tells its peers that it restarts, ends with exit code 0, and has kept everything',
    async (signal) => {
      const folder = await temporaryFolder();
      const first = await serveFolder(folder);
      const sockets = await Promise.all(
        [
          [encodeBare({ type: 'hello', hello: { protocol: 1 } })],
          [encodeBare({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })],
          [], // one that has not said anything yet
        ].map(async (messages) => {
          const socket = new WebSocket(`${first.syncUrl}/shared`);
          onTestFinished(() => socket.terminate());
          await once(socket, 'open');
          for (const message of messages) socket.send(message);
          if (messages.length > 0) await once(socket, 'message');
          return socket;
        }),
      );
      const closings = sockets.map((socket) => once(socket, 'close') as Promise<[number, Buffer]>);
      const writers = ['shared', 'shared', 'alone/ü'].map((document) => connect(first.syncUrl, document));
      for (const [i, writer] of writers.entries()) writer.doc.getText().insert(0, `${i}`.repeat(1_000));
      await Promise.all(writers.map((writer) => writer.whenSaved()));
      await expect.poll(() => writers[0]?.doc.getText().length).toBe(2_000);
      const [shared, , alone] = writers.map(({ doc }) => doc.getText().toString());

      first.program.kill(signal);
      expect((await Promise.all(closings)).map(([code, reason]) => [code, reason.toString()])).toEqual([
        [1012, 'server-stopping'],
        [1012, 'server-stopping'],
        [1012, 'server-stopping'],
      ]);
      expect(await first.program.ended).toEqual({ code: 0, signal: null });
      expect(first.program.stderr).toBe('');
      for (const writer of writers) writer.destroy();

      const second = await serveFolder(folder);
      expect(await readText(second.syncUrl, 'shared')).toBe(shared);
      expect(await readText(second.syncUrl, 'alone/ü')).toBe(alone);
    },
  );

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'by %s in the middle of typing, it loses nothing that it acknowledged',
    async (signal) => {
      const folder = await temporaryFolder();
      const first = await serveFolder(folder);
      const writer = connect(first.syncUrl, 'd');
      await writer.whenSynced();
      let typed = 0;
      const acknowledged = (): number => typed - writer.unsavedChanges;
      while (writer.synced) {
        writer.doc.getText().insert(typed++, 'x');
        if (acknowledged() >= 200) first.program.kill(signal);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const safe = acknowledged();
      writer.destroy();
      await first.program.ended;
      expect(safe).toBeGreaterThanOrEqual(200);
      const second = await serveFolder(folder);
      const kept = (await readText(second.syncUrl, 'd')).length;
      expect(kept).toBeGreaterThanOrEqual(safe);
      expect(kept).toBeLessThanOrEqual(typed);
    },
  );

  test('its peers come back by themselves when it is started again on the same port', async () => {
    const folder = await temporaryFolder();
    const first = await serveFolder(folder);
    const writer = connect(first.syncUrl, 'd');
    writer.doc.getText().insert(0, 'before, ');
    await writer.whenSaved();
    first.program.kill('SIGTERM');
    await first.program.ended;
    writer.doc.getText().insert(8, 'meanwhile');
    expect(writer.saved).toBe(false);
    const second = await serve(['--port', String(first.port), '--data', folder]);
    await writer.whenSaved();
    expect(await readText(second.syncUrl, 'd')).toBe('before, meanwhile');
  });

  test('while a request is under way, it does not take new ones; asked again, it ends at once with exit code 1', async () => {
    const { program, url, port } = await serveFolder(await temporaryFolder());
    const headers = { 'Content-Length': '100', Expect: '100-continue' };
    const unfinished = request(`${url}/api/documents`, { method: 'POST', headers });
    unfinished.on('error', () => {}); // it is cut off in the end
    unfinished.flushHeaders();
    await once(unfinished, 'continue'); // now the server has it, and waits for the body
    program.kill('SIGTERM');
    await program.line((line) => line.includes('"stopping"'));
    const late = new WebSocket(`ws://127.0.0.1:${port}/sync/d`);
    const [error] = (await once(late, 'error')) as [Error];
    expect(error.message).toMatch(/ECONNREFUSED|ECONNRESET|503/);
    program.kill('SIGTERM');
    expect(await program.ended).toEqual({ code: 1, signal: null });
    expect(program.stdout).toContain('stopping at once');
  });
});
