import { describe, expect, onTestFinished, test } from 'vitest';
import { createServer, type ServerOptions } from '../../server/index.ts';
import { ask } from '../support/knock.ts';

async function start(options: ServerOptions = {}): Promise<number> {
  const server = createServer(options);
  onTestFinished(() => server.close());
  return (await server.listen({ port: 0 })).port;
}

const policyOf = (header: unknown): Map<string, string> =>
  new Map(
    String(header)
      .split('; ')
      .map((directive) => [directive.split(' ', 1)[0] ?? '', directive.slice(directive.indexOf(' ') + 1)]),
  );

describe('browsers are told', () => {
  test.each([
    ['of the page', '/'],
    ['of a place in the page', '/d/some-document'],
    ['of the API', '/api/documents'],
    ['of an error of the API', '/api/nothing'],
    ['of the health', '/health'],
  ])('%s to guess no type, to send no referrer, to show it in no frame and to run nothing inline', async (_, path) => {
    const { headers } = await ask(await start(), path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    const policy = policyOf(headers['content-security-policy']);
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('default-src')).toBe(path.startsWith('/api') || path === '/health' ? "'none'" : "'self'");
    expect(policy.has('script-src')).toBe(false);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
  });

  test('to keep to HTTPS where a trusted proxy says that the client speaks it, and only then', async () => {
    const headers = { 'X-Forwarded-Proto': 'https' };
    const trusting = await ask(await start({ trustProxy: 1 }), '/', headers);
    expect(trusting.headers['strict-transport-security']).toBe('max-age=63072000');
    const other = await ask(await start(), '/', headers);
    expect(other.headers).not.toHaveProperty('strict-transport-security');
  });

  test('which pages may show it in a frame, where it is told', async () => {
    const port = await start({ frameAncestors: ["'self'", 'https://portal.example.com'] });
    const { headers } = await ask(port, '/');
    expect(policyOf(headers['content-security-policy']).get('frame-ancestors')).toBe(
      "'self' https://portal.example.com",
    );
    expect(headers).not.toHaveProperty('x-frame-options');
  });
});

test('the page has nothing inline for which a policy would have to be loosened', async () => {
  const { body } = await ask(await start(), '/');
  expect(body).toContain('<scriptorium-app>');
  expect(body).not.toMatch(/<script[\s>](?![^>]*src=)|<style|\sstyle=|\son\w+=|javascript:/i);
});

test.each([["https://example.com; script-src 'unsafe-inline'"], ['example.com'], ['*'], ["'none'"]])(
  '%j is not taken for who may show it in a frame',
  (source) => {
    expect(() => createServer({ frameAncestors: [source] })).toThrow(TypeError);
  },
);
