import { describe, expect, it } from 'vitest';
import { type Selection, selectDocuments } from '../../app/documents/order.ts';

const documents = [
  { document: 'a', title: 'Öl und Essig', createdAt: 1, updatedAt: 30 },
  { document: 'b', title: '', createdAt: 4, updatedAt: 40 },
  { document: 'c', title: 'Note 10', createdAt: 3, updatedAt: 10 },
  { document: 'd', title: 'note 9', createdAt: 2, updatedAt: 20 },
];
const all: Selection = {
  view: 'all',
  sort: 'edited',
  search: '',
  starred: new Set(['c']),
  opened: new Map([
    ['d', 7],
    ['a', 9],
  ]),
  locale: 'de',
};
const select = (differing: Partial<Selection>): string =>
  selectDocuments(documents, { ...all, ...differing })
    .map(({ document }) => document)
    .join('');

describe('the list of documents', () => {
  it('is sorted by last edit, by title as the language has it, or by age', () => {
    expect(select({})).toBe('badc');
    expect(select({ sort: 'title' })).toBe('dcab');
    expect(select({ sort: 'created' })).toBe('bcda');
  });

  it('is searched by words in any order, without case and accents', () => {
    expect(select({ search: ' ESSIG ol' })).toBe('a');
    expect(select({ search: 'note' })).toBe('dc');
    expect(select({ search: 'nothing' })).toBe('');
  });

  it('shows the starred ones, and the recent ones in the order in which they were opened', () => {
    expect(select({ view: 'starred' })).toBe('c');
    expect(select({ view: 'recent', sort: 'title' })).toBe('ad');
  });
});
