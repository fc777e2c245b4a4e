import type { Editor } from '@tiptap/core';
import { type MenuMessages, menuLanguages } from '../messages/menus.ts';
import { toolboxOf } from './toolbox.ts';

/** What the tools of an editor say, once that is loaded, and in which language. */
export interface ToolLanguage {
  /** A BCP 47 tag. */
  readonly locale: string;
  readonly messages: MenuMessages;
}

/** The language of an editor's tools. */
export async function toolLanguageOf(editor: Editor): Promise<ToolLanguage> {
  const { locale, messages } = toolboxOf(editor).speech;
  return menuLanguages.find(locale, messages);
}
