import type { Editor } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import { render } from 'lit/html.js';
import type { ToolLanguage } from '../tool-language.ts';
import { toolboxOf } from '../toolbox.ts';
import { type FindView, findTemplate } from './find-view.ts';
import type { FindQuery } from './query.ts';
import { Search, type SearchState } from './search.ts';

/** How long a selection may be to be looked for when the bar opens. */
const MAX_SELECTED_CHARS = 200;

/** The bar to find and replace, over the upper end of the text. */
export interface FindBar {
  /** Puts the focus into it, and what is selected in the text. */
  focus(replacing: boolean): void;
}

/** Opens a bar for an editor. `onClosed` is called when it is gone. */
export function createFindBar(editor: Editor, language: ToolLanguage, onClosed: () => void): FindBar {
  const { frame } = toolboxOf(editor);
  const element = document.createElement('div');
  element.className = 'scriptorium-find';
  element.role = 'search';
  element.ariaLabel = language.messages.find.label;
  let query: FindQuery = { text: '', matchCase: false, wholeWord: false, isRegex: false };
  let replacement = '';
  let replacing = false;
  /** Whether the person went on from the match that was found first. */
  let moved = false;
  let state: SearchState = { total: 0, current: 0, pending: false, problem: undefined };

  const search = new Search(editor, (next) => {
    state = next;
    draw();
  });
  const draw = (): void => {
    const view: FindView = {
      query,
      replacement,
      replacing: editor.isEditable ? replacing : undefined,
      state,
      messages: language.messages.find,
      look,
      go,
      setReplacement(next) {
        replacement = next;
      },
      setReplacing(next) {
        replacing = next;
        draw();
      },
      replace,
      replaceAll: () => void search.replaceAll(replacement),
      close,
    };
    render(findTemplate(view), element);
  };

  const look = (change: Partial<FindQuery>): void => {
    query = { ...query, ...change };
    moved = false;
    search.look(query);
    draw();
  };
  const go = (by: 1 | -1): void => {
    moved = true;
    search.go(by);
  };
  const replace = (): void => {
    moved = true;
    search.replace(replacement);
  };
  const end = (): void => {
    editor.off('destroy', end);
    editor.off('update', draw);
    frame.root.removeEventListener('keydown', onKeyDown);
    search.destroy();
    element.remove();
    onClosed();
  };
  const close = (): void => {
    const target = moved ? search.current : undefined;
    end();
    const { tr, doc } = editor.state;
    // Who went on is at the match; who only looked is where they were before.
    if (target) tr.setSelection(TextSelection.create(doc, target.from, target.to));
    editor.view.focus();
    editor.view.dispatch(tr.scrollIntoView());
  };

  /** In the bar, and some of it in the text, too, as long as the bar is open. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.defaultPrevented) return;
    const field = event.target instanceof HTMLInputElement && element.contains(event.target) ? event.target.name : '';
    const by = event.shiftKey ? -1 : 1;
    if (event.key === 'Escape') close();
    else if (event.key === 'F3' || (event.key.toLowerCase() === 'g' && (event.ctrlKey || event.metaKey))) go(by);
    else if (event.key === 'Enter' && field === 'query') go(by);
    else if (event.key === 'Enter' && field === 'replacement') replace();
    else return;
    event.preventDefault();
  };
  frame.root.addEventListener('keydown', onKeyDown);
  editor.on('destroy', end);
  // Whether one may write can change.
  editor.on('update', draw);
  draw();
  frame.addTool(element);

  return {
    focus(withReplacement) {
      replacing ||= withReplacement;
      const selected = element.contains(document.activeElement) ? '' : selectedText(editor);
      if (selected !== '') look({ text: selected, isRegex: false });
      else draw();
      const field = element.querySelector<HTMLInputElement>('input');
      field?.focus();
      field?.select();
    },
  };
}

/** What is selected, if it is in one line. */
function selectedText({ state: { doc, selection } }: Editor): string {
  const { from, to } = selection;
  if (to - from > MAX_SELECTED_CHARS) return '';
  const text = doc.textBetween(from, to, '\n', '\n');
  return text.includes('\n') ? '' : text;
}
