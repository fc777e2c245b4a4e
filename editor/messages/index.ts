import type { Compiled, Translation } from './catalogue.ts';
import { en } from './en.ts';
import type { enMenus } from './en-menus.ts';
import { createLanguages, type Language } from './languages.ts';

/** All that the editor says, in one language. */
export type Messages = Compiled<typeof en>;
/** What the editor says, in another language or in other words. See `en.ts` and `en-menus.ts` for the names. */
export type EditorTranslation = Translation<typeof en & typeof enMenus>;
export type EditorLanguage = Language<typeof en>;

/** The languages that the editor speaks. */
export const languages = createLanguages(en, {
  de: async () => (await import('./de.ts')).de,
});
