import type { IncomingMessage } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLogger } from '../../server/index.ts';
import { silentLogger } from '../../server/logger.ts';
import { addressKey, createProxies, type TrustProxy } from '../../server/proxies.ts';

const request = (remoteAddress: string, headers: Record<string, string> = {}, encrypted = false): IncomingMessage =>
  ({ headers, socket: { remoteAddress, encrypted }, connection: { remoteAddress } }) as unknown as IncomingMessage;
const forwarded = (addresses: string) => ({ 'x-forwarded-for': addresses });

describe("the client's address is", () => {
  test.each<[string, TrustProxy, string, string, string]>([
    ['that of the socket, without a trusted proxy', false, '9.9.9.9', '1.1.1.1', '9.9.9.9'],
    ['that of the socket, with no proxies in a row', 0, '9.9.9.9', '1.1.1.1', '9.9.9.9'],
    ['what one trusted proxy says', 1, '9.9.9.9', '1.1.1.1', '1.1.1.1'],
    ['what one trusted proxy says last: before that anybody can write', 1, '9.9.9.9', '6.6.6.6, 1.1.1.1', '1.1.1.1'],
    ['what two trusted proxies say', 2, '9.9.9.9', '6.6.6.6, 1.1.1.1, 10.0.0.1', '1.1.1.1'],
    ['what a proxy of a trusted network says', ['10.0.0.0/8'], '10.2.3.4', '6.6.6.6, 1.1.1.1', '1.1.1.1'],
    [
      'behind several proxies of trusted networks',
      ['loopback', '10.0.0.0/8'],
      '127.0.0.1',
      '1.1.1.1, 10.0.0.1',
      '1.1.1.1',
    ],
    ['that of the socket, when that is not a trusted proxy', ['10.0.0.0/8'], '9.9.9.9', '1.1.1.1', '9.9.9.9'],
    ['that of the socket, when what it says is no address', 1, '9.9.9.9', 'unknown', '9.9.9.9'],
    ['that of the socket, when more proxies are trusted than there are', 5, '9.9.9.9', '<script>', '9.9.9.9'],
  ])('%s', (_, trustProxy, socket, header, address) => {
    expect(createProxies(trustProxy, silentLogger()).addressOf(request(socket, forwarded(header)))).toBe(address);
  });
});

test("the client's connection is encrypted when the socket is, or when a trusted proxy says so", () => {
  const https = { 'x-forwarded-proto': 'https' };
  const trusting = createProxies(1, silentLogger());
  const others = createProxies(false, silentLogger());
  expect(trusting.isSecure(request('9.9.9.9', https))).toBe(true);
  expect(trusting.isSecure(request('9.9.9.9', { 'x-forwarded-proto': 'http' }, true))).toBe(false);
  expect(trusting.isSecure(request('9.9.9.9', {}, true))).toBe(true);
  expect(others.isSecure(request('9.9.9.9', https))).toBe(false);
  expect(others.isSecure(request('9.9.9.9', {}, true))).toBe(true);
});

test.each([
  ['1.2.3.4', '1.2.3.4'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the neighbours of %s are %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

test.each<[TrustProxy]>([[-1], [1.5], [['not an address']]])('%j is not taken for proxies', (trustProxy) => {
  expect(() => createProxies(trustProxy, silentLogger())).toThrow(TypeError);
});

test('a proxy that is not known of is warned of, once', () => {
  const logger = createLogger({ level: 'silent', format: 'json' });
  let warnings = 0;
  const { warn } = logger;
  logger.warn = () => void warnings++;
  onTestFinished(() => {
    logger.warn = warn;
  });
  const proxies = createProxies(false, logger);
  proxies.addressOf(request('9.9.9.9'));
  expect(warnings).toBe(0);
  for (let i = 0; i < 3; i++) proxies.addressOf(request('9.9.9.9', forwarded('1.1.1.1')));
  expect(warnings).toBe(1);
});
