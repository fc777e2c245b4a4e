import { describe, expect, test } from 'vitest';
import { checkDocumentName, MAX_DOCUMENT_NAME_LENGTH } from '../../protocol/index.ts';
import { errorCode } from '../support/error-code.ts';

describe('a document may be called', () => {
  test.each([
    'a',
    'my document',
    'folder/document',
    '/',
    'a//b',
    '...',
    'a/.../b',
    '..a/b..',
    '100%',
    '%2F',
    'ü',
    '\u00fc',
    '文書',
    '🖋️',
    '👩‍👩‍👧',
    '?query#hash',
    '<script>',
    '"\\\'',
    ' ',
    '__proto__',
    'é'.repeat(MAX_DOCUMENT_NAME_LENGTH),
    '𝄞'.repeat(MAX_DOCUMENT_NAME_LENGTH / 2),
  ])('%j', (name) => {
    expect(checkDocumentName(name)).toBe(name);
  });
});

describe('a document may not be called', () => {
  test.each([
    ['nothing', ''],
    ['more than 512 characters', 'a'.repeat(MAX_DOCUMENT_NAME_LENGTH + 1)],
    ['NUL, which separates the parts of a key', '\0'],
    ['something with NUL in it', 'a\0b'],
    ['something with a line break', 'a\nb'],
    ['something with a tab', 'a\tb'],
    ['DEL', '\x7f'],
    ['something with a C1 control character', 'a\x85b'],
    ['the first half of a surrogate pair', 'a\ud834'],
    ['the second half of a surrogate pair', '\udd1ea'],
    ['a surrogate pair the wrong way round', '\udd1e\ud834'],
    // In an address both mean another place, also where their dots are percent-encoded.
    ['a dot', '.'],
    ['two dots', '..'],
    ['something above it', '../a'],
    ['something beside its folder', 'a/../b'],
    ['something in its folder', 'a/./b'],
    ['something that ends above it', 'a/..'],
    // What looks the same is the same document or none.
    ['a letter with its accent apart', 'u\u0308'],
    ['a Hangul syllable in pieces', '\u1112\u1161\u11ab'],
    ['a character that stands for another', '\u212b'],
  ])('%s', (_, name) => {
    expect(errorCode(() => checkDocumentName(name))).toBe('INVALID_DOCUMENT_NAME');
  });
});

test('every name that is allowed comes through an address unchanged', () => {
  for (const name of ['a/b', '...', '100%', '%2e%2e', 'ü', '🖋️', '?#', '\\', 'a/.../b', ' ', '+', ';=&']) {
    const { pathname } = new URL(`http://host/api/documents/${encodeURIComponent(checkDocumentName(name))}`);
    expect(decodeURIComponent(pathname.slice('/api/documents/'.length))).toBe(name);
  }
});
