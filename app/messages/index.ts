import { type Compiled, createLanguages, type Language } from '../../editor/index.ts';
import { en } from './en.ts';

/** All that the page says, in one language. */
export type Messages = Compiled<typeof en>;
export type PageTexts = Language<typeof en>;

/** The languages that the page speaks: those of the editor. */
export const languages = createLanguages(en, {
  de: async () => (await import('./de.ts')).de,
});
