import { describe, expect, it } from 'vitest';
import { findLanguage } from '../../app/language.ts';
import { describeTime } from '../../app/relative-time.ts';
import { documentPath, parseRoute } from '../../app/router.ts';
import { initials, readPeople } from '../../editor/together/people.ts';

describe('who is here', () => {
  const user = (id: string, name: string) => ({ user: { id, name, color: '#15854a' } });

  it('is each person once, me first, then by name', () => {
    const states = new Map<number, Record<string, unknown>>([
      [1, user('z', 'Zoe')],
      [2, user('me', 'Me')],
      [3, user('a', 'Anna')],
      [4, user('z', 'Zoe')],
      [5, user('me', 'Me, in another tab')],
      [6, {}],
    ]);
    expect(readPeople(states, 2).map(({ name, isMe }) => [name, isMe])).toEqual([
      ['Me', true],
      ['Anna', false],
      ['Zoe', false],
    ]);
    expect(readPeople(states, 5)[0]?.name).toBe('Me, in another tab');
  });

  it('counts people without an id by connection, and shows whatever they sent safely', () => {
    const states = new Map<number, Record<string, unknown>>([
      [1, { user: { name: 'Same', color: 'red; background: url(x)' } }],
      [2, { user: { name: 'Same', color: 7 } }],
      [3, { user: 'nonsense' }],
      [4, { user: { name: 'x'.repeat(500) } }],
    ]);
    const people = readPeople(states, 9);
    expect(people.length).toBe(4);
    expect(people.every(({ color }) => /^#[\da-f]{6}$/.test(color))).toBe(true);
    expect(people.map(({ name }) => name.length)).toEqual([4, 4, 8, 60]);
  });

  it('is shown by the first letters of the first and the last word', () => {
    expect(['Amber Heron', 'ada', 'Ludwig van Beethoven', '  ', '🦊 fox'].map(initials)).toEqual([
      'AH',
      'A',
      'LB',
      '',
      '🦊F',
    ]);
  });
});

describe('an address', () => {
  it('names a document whatever its name is', () => {
    for (const document of ['plain', 'with space', 'a/b', 'ü%?#', '文']) {
      expect(parseRoute(documentPath(document))).toEqual({ page: 'document', document });
    }
  });

  it('that leads nowhere is unknown', () => {
    for (const path of ['/d/', '/d/a/b', '/d/%E0%A4%A', '/nothing'])
      expect(parseRoute(path)).toEqual({ page: 'unknown' });
    expect(parseRoute('/')).toEqual({ page: 'documents' });
  });
});

describe('a time', async () => {
  const english = await findLanguage('en');

  it('is said as seen from now, up to a week; then as a date', () => {
    const now = Date.UTC(2026, 4, 20, 12);
    const ago = (ms: number): string => describeTime(now - ms, now, english);
    expect(ago(5_000)).toBe('just now');
    expect(ago(-5_000)).toBe('just now'); // the server's clock is ahead
    expect(ago(60_000)).toBe('1 minute ago');
    expect(ago(3 * 3_600_000)).toBe('3 hours ago');
    expect(ago(86_400_000)).toBe('yesterday');
    expect(ago(30 * 86_400_000)).toBe('Apr 20, 2026');
  });
});
