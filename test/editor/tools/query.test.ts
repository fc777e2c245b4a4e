import { describe, expect, it } from 'vitest';
import { findInText } from '../../../editor/tools/find/matches.ts';
import { compileQuery, expandReplacement, type FindQuery } from '../../../editor/tools/find/query.ts';

const found = (text: string, query: Partial<FindQuery>) =>
  findInText(compileQuery({ text: '', matchCase: false, wholeWord: false, isRegex: false, ...query }), text).map(
    ({ at, text }) => `${at}:${text}`,
  );

describe('a query', () => {
  it('takes text as it is, whatever it would mean in an expression', () => {
    expect(found('a.b (a+b)/[c] {d}-^$|\\ a.b', { text: 'a.b' })).toEqual(['0:a.b', '23:a.b']);
    for (const text of ['(a+b)/[c]', '{d}-^$|\\']) expect(found(`x ${text}`, { text })).toEqual([`2:${text}`]);
  });

  it('ignores case by the rules of Unicode, at the places where the text is', () => {
    expect(found('İİ Straße STRASSE straße', { text: 'STRASSE' })).toEqual(['10:STRASSE']);
    expect(found('ΣΑΣ σας', { text: 'σας' })).toEqual(['0:ΣΑΣ', '4:σας']);
    expect(found('One one', { text: 'one', matchCase: true })).toEqual(['4:one']);
  });

  it('knows whole words in any script that has them, and finds a space that does not break', () => {
    expect(found('über überall über_x über', { text: 'über', wholeWord: true })).toEqual(['0:über', '20:über']);
    expect(found('10\u00a0km', { text: '10 km' })).toEqual(['0:10\u00a0km']);
  });

  it('is an expression where that is wanted, with lines, and never finds nothing', () => {
    expect(found('one\ntwo', { text: '^\\w', isRegex: true })).toEqual(['0:o', '4:t']);
    expect(found('aab😀', { text: '😀|x*', isRegex: true })).toEqual(['3:😀']);
    expect(found('cat cats', { text: 'cat|cats', isRegex: true, wholeWord: true })).toEqual(['0:cat', '4:cats']);
    expect(() => found('', { text: 'a)(b', isRegex: true, wholeWord: true })).toThrow(SyntaxError);
  });
});

describe('a replacement', () => {
  it('has groups, the whole match and dollars', () => {
    expect(expandReplacement('$2-$1 [$&] $$1', 'ab', ['a', 'b'])).toBe('b-a [ab] $1');
  });

  it('takes two digits for a group only where there are so many, and leaves what is none', () => {
    expect(expandReplacement('$12 $3 $0 $', 'ab', ['a', undefined])).toBe('a2 $3 $0 $');
    expect(expandReplacement('<$2>', 'ab', ['a', undefined])).toBe('<>');
    expect(expandReplacement('$11', 'x', Array.from('abcdefghijk'))).toBe('k');
  });
});
