import type { Editor } from '@tiptap/core';
import { toolLanguageOf } from '../tool-language.ts';
import { createFindBar, type FindBar } from './find-bar.ts';

const bars = new WeakMap<Editor, FindBar>();

/**
 * Opens the bar to find and replace in an editor, or puts the focus into the one that is open.
 * @param replacing whether with a line for the replacement
 */
export async function openFind(editor: Editor, replacing = false): Promise<void> {
  const language = await toolLanguageOf(editor);
  if (editor.isDestroyed) return;
  const bar = bars.get(editor) ?? createFindBar(editor, language, () => bars.delete(editor));
  bars.set(editor, bar);
  bar.focus(replacing);
}
