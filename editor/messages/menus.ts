import type { Compiled } from './catalogue.ts';
import { enMenus } from './en-menus.ts';
import { createLanguages } from './languages.ts';
import { translations } from './translation.ts';

/** All that the menus of the editor say, in one language. */
export type MenuMessages = Compiled<typeof enMenus>;

/** The languages that the menus speak. They are loaded with the menus, so that the text is there before. */
export const menuLanguages = createLanguages(enMenus, translations);
