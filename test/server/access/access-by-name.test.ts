import { expect, test } from 'vitest';
import { accessByName, readDocumentsClaim } from '../../../server/access/access-by-name.ts';

const RULES = {
  'team-a/*': 'write',
  'team-a/plans/*': 'read',
  'team-a/plans/2026': 'admin',
  handbook: 'read',
  'secret*': 'none',
  '*': 'comment',
} as const;

test.each([
  ['team-a/notes', 'write'],
  ['team-a/', 'write'],
  ['team-a/deep/er', 'write'],
  ['team-a/plans/2025', 'read'],
  ['team-a/plans/2026', 'admin'],
  ['team-a/plans/2026/more', 'read'],
  ['team-a', 'comment'],
  ['team-b/notes', 'comment'],
  ['handbook', 'read'],
  ['handbook2', 'comment'],
  ['secret', 'none'],
  ['secrets/all', 'none'],
])('of %s the most specific key decides: %s', (document, access) => {
  expect(accessByName(RULES, document)).toBe(access);
});

test('the order of the keys does not matter', () => {
  const reversed = Object.fromEntries(Object.entries(RULES).reverse());
  expect(accessByName(reversed, 'team-a/plans/2025')).toBe('read');
  expect(accessByName(reversed, 'team-a/notes')).toBe('write');
});

test('what no key fits may not be opened', () => {
  expect(accessByName({ handbook: 'read' }, 'other')).toBe('none');
  expect(accessByName({}, 'other')).toBe('none');
});

test('a star anywhere else than at the end is a character like any other', () => {
  expect(accessByName({ 'a*b': 'write' }, 'axb')).toBe('none');
  expect(accessByName({ 'a*b': 'write' }, 'a*b')).toBe('write');
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s is a name like any other', (name) => {
  expect(accessByName({}, name)).toBe('none');
  expect(accessByName(JSON.parse(`{"${name}":"read"}`), name)).toBe('read');
});

test.each([
  [null],
  ['*'],
  [['*']],
  [1],
  [{ '*': 'owner' }],
  [{ '*': ['read'] }],
  [{ '*': null }],
  [{ a: { b: 'read' } }],
])('%j is no claim', (claim) => {
  expect(readDocumentsClaim(claim)).toBeUndefined();
});
