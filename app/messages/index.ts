import { type Compiled, createLanguages, type Language as LanguageOf } from '../../editor/index.ts';
import { en } from './en.ts';

/** All that the page says, in one language. */
export type Messages = Compiled<typeof en>;
export type PageTexts = LanguageOf<typeof en>;

/** The languages that the page speaks: those of the editor. */
export const languages = createLanguages(en, {
  ar: async () => (await import('./ar.ts')).ar,
  de: async () => (await import('./de.ts')).de,
  es: async () => (await import('./es.ts')).es,
  fr: async () => (await import('./fr.ts')).fr,
  ja: async () => (await import('./ja.ts')).ja,
});
