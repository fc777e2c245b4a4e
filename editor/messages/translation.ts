import type { Translation } from './catalogue.ts';
import type { en } from './en.ts';
import type { enMedia } from './en-media.ts';
import type { enMenus } from './en-menus.ts';

/** What the editor says, in another language or in other words. See `en.ts` and the files beside it for the names. */
export type EditorTranslation = Translation<typeof en & typeof enMenus & typeof enMedia>;

/** The languages that the editor speaks beside English, loaded when they are needed. */
export const translations: Readonly<Record<string, () => Promise<EditorTranslation>>> = {
  ar: async () => (await import('./ar.ts')).ar,
  de: async () => (await import('./de.ts')).de,
  es: async () => (await import('./es.ts')).es,
  fr: async () => (await import('./fr.ts')).fr,
  ja: async () => (await import('./ja.ts')).ja,
};
