import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../../client/node.ts';
import { stockClient, write } from '../../support/clients.ts';
import { runScriptorium, scriptorium } from '../../support/scriptorium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { SECRET } from '../../support/tokens.ts';

async function serve(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const program = scriptorium(['serve', '--port', '0', '--data', join(await temporaryFolder(), 'data'), ...args], env);
  const line = await program.line((text) => text.includes('"url"'));
  const { url } = JSON.parse(line) as { url: string };
  return { program, url, syncUrl: `${url.replace('http', 'ws')}/sync` };
}

/** The token that `scriptorium token` prints. */
async function printed(args: readonly string[], env: NodeJS.ProcessEnv = { SCRIPTORIUM_TOKEN_SECRET: SECRET }) {
  const { code, stdout, stderr } = await runScriptorium(['token', ...args], env);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.trim();
}

function connect(syncUrl: string, document: string, token: string): ScriptoriumProvider {
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  return new ScriptoriumProvider(syncUrl, document, doc, { token });
}

test('with a secret in the environment tokens count, and backups need one of an administrator', async () => {
  const folder = await temporaryFolder();
  const { url, syncUrl } = await serve([], { SCRIPTORIUM_TOKEN_SECRET: SECRET });
  const ada = connect(
    syncUrl,
    'd',
    await printed(['ada', '--documents', 'd=write', '--documents', 'other*=read', '--name', 'Ada']),
  );
  write(ada, 'written');
  await ada.whenSaved();
  expect((await fetch(`${url}/api/documents/d`)).status).toBe(401);

  const file = join(folder, 'backup.ndjson.gz');
  const refused = await runScriptorium(['backup', file, '--url', url]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('this needs a token') as string]);
  const backup = await runScriptorium(['backup', file, '--url', url], {
    SCRIPTORIUM_TOKEN: await printed(['root', '--admin']),
  });
  expect([backup.code, backup.stderr]).toEqual([0, '']);
});

test('with a secret in a file the line feed at its end is no part of it; the file of the audit log is written', async () => {
  const folder = await temporaryFolder();
  const [secret, audit] = [join(folder, 'secret'), join(folder, 'audit.log')];
  await writeFile(secret, `${SECRET}\n`);
  const { syncUrl } = await serve(['--token-secret-file', secret, '--token-issuer', 'us', '--audit', audit]);
  const flags = ['--documents', '*=write', '--token-secret-file', secret];
  const ada = connect(syncUrl, 'd', await printed(['ada', ...flags, '--token-issuer', 'us'], {}));
  await ada.whenSynced();
  const stranger = connect(syncUrl, 'd', await printed(['ada', ...flags], {}));
  await expect(stranger.whenSynced()).rejects.toThrow('unauthorized');
  expect(await readFile(audit, 'utf8')).toContain('"event":"connected","by":"ada"');
});

test('with a public key in a file the tokens of its owner count', async () => {
  const folder = await temporaryFolder();
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  await writeFile(join(folder, 'key.pem'), await exportSPKI(publicKey));
  const { syncUrl } = await serve(['--token-public-key', join(folder, 'key.pem')]);
  const claims = new SignJWT({ documents: { '*': 'read' } }).setSubject('ada').setProtectedHeader({ alg: 'EdDSA' });
  const ada = connect(syncUrl, 'd', await claims.sign(privateKey));
  await ada.whenSynced();
  expect(ada.access).toBe('read');
});

test.each<[string, string[], NodeJS.ProcessEnv, string]>([
  ['elsewhere without access control', ['--host', '0.0.0.0'], {}, '--allow-anonymous'],
  [
    'the same, with a variable that says no',
    ['--host', '0.0.0.0'],
    { SCRIPTORIUM_ALLOW_ANONYMOUS: 'false' },
    '--allow-anonymous',
  ],
  ['a variable that says neither', [], { SCRIPTORIUM_ALLOW_ANONYMOUS: 'perhaps' }, 'neither true nor false'],
  ['an empty secret', [], { SCRIPTORIUM_TOKEN_SECRET: '' }, '32 bytes'],
  ['a short secret', [], { SCRIPTORIUM_TOKEN_SECRET: 'short' }, '32 bytes'],
  ['a secret that is not there', ['--token-secret-file', '/nowhere/secret'], {}, 'ENOENT'],
  ['two keys', ['--token-jwks-url', 'http://127.0.0.1/keys'], { SCRIPTORIUM_TOKEN_SECRET: SECRET }, 'one of'],
  ['an issuer without a key', ['--token-issuer', 'us'], {}, 'need a key'],
])('%s keeps the server from starting, and says why', async (_, args, env, said) => {
  const folder = await temporaryFolder();
  const { code, stderr } = await runScriptorium(['serve', '--port', '0', '--data', folder, ...args], env);
  expect([code, stderr]).toEqual([1, expect.stringContaining(said) as string]);
  if (env['SCRIPTORIUM_TOKEN_SECRET']) expect(stderr).not.toContain(env['SCRIPTORIUM_TOKEN_SECRET']);
});

test('elsewhere without access control it starts when that is said, with a warning', async () => {
  const { program } = await serve(['--host', '0.0.0.0', '--allow-anonymous']);
  expect(program.stdout).toContain('there is no access control');
});

test('the log has no token, whatever is logged and wherever the token came from', async () => {
  const { program, url, syncUrl } = await serve(['--log-level', 'trace'], { SCRIPTORIUM_TOKEN_SECRET: SECRET });
  const good = await printed(['ada', '--documents', 'd=read']);
  const stock = stockClient(syncUrl, 'd', good);
  await expect.poll(() => stock.synced).toBe(true);
  const bad = [`${good}x`, 'no-token-at-all'];
  for (const token of bad) {
    await expect(connect(syncUrl, 'd', token).whenSynced()).rejects.toThrow('unauthorized');
    await fetch(`${url}/api/documents/d?token=${token}`);
    await fetch(`${url}/api/documents/d`, { headers: { Authorization: `Bearer ${token}` } });
  }
  await expect.poll(() => program.stdout).toContain('a connection is refused');
  program.kill('SIGTERM');
  await program.ended;
  for (const token of [good, ...bad]) expect(program.stdout + program.stderr).not.toContain(token);
});
