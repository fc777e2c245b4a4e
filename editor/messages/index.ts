import type { Compiled } from './catalogue.ts';
import { en } from './en.ts';
import { createLanguages, type Language } from './languages.ts';
import { translations } from './translation.ts';

export type { EditorTranslation } from './translation.ts';

/** All that the editor says before anything of it is used, in one language. */
export type Messages = Compiled<typeof en>;
export type EditorLanguage = Language<typeof en>;

/** The languages that the editor speaks. */
export const languages = createLanguages(en, translations);
