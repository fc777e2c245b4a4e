import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider, type WebSocketConstructor } from '../../client/node.ts';
import { createServer } from '../../server/index.ts';
import type { TlsFiles } from '../../server/tls.ts';
import { type Certificate, fingerprint, selfSigned } from '../support/certificate.ts';
import { scriptorium } from '../support/scriptorium.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function files(certificate: Certificate): Promise<TlsFiles> {
  const folder = await temporaryFolder();
  const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  await write(tls, certificate);
  return tls;
}

async function write({ cert, key }: TlsFiles, certificate: Certificate): Promise<void> {
  await writeFile(cert, certificate.cert);
  await writeFile(key, certificate.key);
}

async function shownFingerprint(port: number): Promise<string> {
  const socket: TLSSocket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint: shown } = socket.getPeerCertificate();
  socket.destroy();
  return shown;
}

test('with a certificate it speaks HTTPS and wss, tells browsers to keep to that, and to nobody who does not trust it', async () => {
  const certificate = selfSigned('first');
  const server = createServer();
  onTestFinished(() => server.close());
  const { url, port } = await server.listen({ port: 0, tls: await files(certificate) });
  expect(url).toBe(`https://127.0.0.1:${port}`);

  const asked = request(`${url}/health`, { ca: certificate.cert, agent: false }).end();
  const [response] = await once(asked, 'response');
  expect(response.statusCode).toBe(200);
  expect(response.headers['strict-transport-security']).toBe('max-age=63072000');
  response.resume();

  class Trusting extends WebSocket {
    constructor(address: string) {
      super(address, { ca: certificate.cert });
    }
  }
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  const provider = new ScriptoriumProvider(`wss://127.0.0.1:${port}/sync`, 'd', doc, {
    WebSocket: Trusting as unknown as WebSocketConstructor,
  });
  doc.getText().insert(0, 'secret');
  await provider.whenSaved();

  const distrusting = request(`${url}/health`, { agent: false }).end();
  const [error] = await once(distrusting, 'error');
  expect(error.code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('a new certificate is taken without a break, and one that does not fit is not', { timeout: 60_000 }, async () => {
  const [first, second] = [selfSigned('first'), selfSigned('second')];
  const tls = await files(first);
  const log: string[] = [];
  const refusals = () => log.filter((line) => line.includes('cannot be used')).length;
  const server = createServer({ logger: pino({}, { write: (line: string) => void log.push(line) }) });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, tls });
  const stays: TLSSocket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  onTestFinished(() => void stays.destroy());
  await once(stays, 'secureConnect');
  expect(await shownFingerprint(port)).toBe(fingerprint(first));

  await writeFile(tls.cert, 'half a certifi');
  await expect.poll(() => refusals()).toBe(1);
  expect(await shownFingerprint(port)).toBe(fingerprint(first));
  await writeFile(tls.cert, second.cert);
  await expect.poll(() => refusals()).toBe(2); // the key is the other one's
  expect(await shownFingerprint(port)).toBe(fingerprint(first));
  await writeFile(tls.key, second.key);
  await expect.poll(() => shownFingerprint(port)).toBe(fingerprint(second));

  stays.write('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  const [answer] = await once(stays, 'data');
  expect(String(answer)).toContain('200 OK');
});

test('it does not start with a certificate that it cannot use, and says why', async () => {
  const [first, second] = [selfSigned('first'), selfSigned('second')];
  const tls = await files({ cert: first.cert, key: second.key });
  const server = createServer();
  onTestFinished(() => server.close());
  await expect(server.listen({ port: 0, tls })).rejects.toThrow(/key values mismatch/);
  await expect(server.listen({ port: 0, tls: { ...tls, cert: `${tls.cert}.none` } })).rejects.toThrow(/ENOENT/);
});

test('the program takes both files or none', async () => {
  const tls = await files(selfSigned('first'));
  const data = await temporaryFolder();
  const start = (...args: string[]) => scriptorium(['serve', '--port', '0', '--data', data, ...args]);
  const half = start('--tls-cert', tls.cert);
  expect((await half.ended).code).toBe(1);
  expect(half.stderr).toContain('--tls-cert and --tls-key need each other');
  const missing = start('--tls-cert', `${tls.cert}.none`, '--tls-key', tls.key);
  expect((await missing.ended).code).toBe(1);
  expect(missing.stderr).toMatch(/certificate is not there.*cert\.pem\.none/);
  const whole = start('--tls-cert', tls.cert, '--tls-key', tls.key);
  expect(await whole.line((line) => line.includes('"url"'))).toContain('https://127.0.0.1:');
});
