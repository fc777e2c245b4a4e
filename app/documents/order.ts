import type { DocumentInfo } from '../api.ts';

/** Which documents are shown. */
export const VIEWS = ['all', 'recent', 'starred'] as const;
export type View = (typeof VIEWS)[number];

/** What they are sorted by. */
export const SORTS = ['edited', 'title', 'created'] as const;
export type Sort = (typeof SORTS)[number];

/** What the list shows, and what this device knows of the documents. */
export interface Selection {
  readonly view: View;
  readonly sort: Sort;
  /** Words that a title has to have, in any order. */
  readonly search: string;
  readonly starred: ReadonlySet<string>;
  /** When each was opened here, epoch ms. */
  readonly opened: ReadonlyMap<string, number>;
  /** A BCP 47 tag: titles are sorted and searched as it has it. */
  readonly locale: string;
}

/** The documents to show, in their order. The recent ones are in the order in which they were opened. */
export function selectDocuments(documents: readonly DocumentInfo[], selection: Selection): DocumentInfo[] {
  const { view, sort, search, starred, opened, locale } = selection;
  const words = fold(search, locale).split(/\s+/).filter(Boolean);
  const shown = documents.filter(({ document, title }) => {
    if (view === 'starred' && !starred.has(document)) return false;
    if (view === 'recent' && !opened.has(document)) return false;
    const folded = words.length > 0 ? fold(title, locale) : '';
    return words.every((word) => folded.includes(word));
  });
  if (view === 'recent') {
    return shown.sort((a, b) => (opened.get(b.document) ?? 0) - (opened.get(a.document) ?? 0));
  }
  return shown.sort(comparison(sort, locale));
}

function comparison(sort: Sort, locale: string): (a: DocumentInfo, b: DocumentInfo) => number {
  switch (sort) {
    case 'edited':
      return (a, b) => b.updatedAt - a.updatedAt;
    case 'created':
      return (a, b) => b.createdAt - a.createdAt;
    case 'title': {
      const { compare } = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
      // What has no title comes last.
      return (a, b) => Number(a.title === '') - Number(b.title === '') || compare(a.title, b.title);
    }
  }
}

/** Without case and accents: "Öl" is found by "ol". */
function fold(text: string, locale: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase(locale);
}
