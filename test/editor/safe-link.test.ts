import { describe, expect, test } from 'vitest';
import { isSafeLink } from '../../editor/safe-link.ts';

describe('a link may be', () => {
  test.each([
    'https://example.com',
    'HTTP://example.com',
    'mailto:ada@example.com',
    'example.com/path',
    '/d/another',
    '#section',
    '?query',
    '//example.com',
    'javascript/notes',
  ])('%j', (href) => {
    expect(isSafeLink(href)).toBe(true);
  });
});

describe('a link may not be', () => {
  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    '\u0001javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    'javascript\n:alert(1)',
    'javascript://example.com/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'blob:https://example.com/x',
    'file:///etc/passwd',
    'ftp://example.com',
    'tel:123',
    'http://[',
    '',
    null,
    undefined,
  ])('%j', (href) => {
    expect(isSafeLink(href)).toBe(false);
  });
});
