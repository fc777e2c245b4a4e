import type { Translation } from '../../editor/index.ts';
import type { en } from './en.ts';

/** What the page says, in German. */
export const de: Translation<typeof en> = {
  common: {
    untitled: 'Ohne Titel',
  },
  documents: {
    heading: 'Dokumente',
  },
};
