import { posToDOMRect } from '@tiptap/core';
import type { Transaction } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { render } from 'lit/html.js';
import type { NamedCommand } from '../commands/catalogue.ts';
import { commandList, inGroups, listRole, optionId } from './command-list.ts';
import { listenWhileOpen } from './dismiss.ts';
import { findCommands } from './match.ts';
import { createPopup } from './popup.ts';
import { isPossible, type MenuSession } from './session.ts';

/** A slash at the start of a line or behind a space, and what is looked for. Longer is text. */
const SLASH = /(?:^|\s)\/([^/\n￼]{0,24})$/;
const ID = 'scriptorium-slash';

/** The menu that a slash opens, in which one searches by writing on. Returns what ends it. */
export function createSlashMenu(session: MenuSession): () => void {
  const { editor, watch, messages, catalogue, root } = session;
  const field = editor.view.dom;
  const popup = createPopup(root, { className: 'scriptorium-list', placement: 'bottom-start', gap: 6, maxHeight: 360 });
  const { element } = popup;
  element.id = ID;
  element.ariaLabel = messages.menus.slash;
  let found: readonly NamedCommand[] = [];
  let query: string | undefined;
  let active = 0;
  /** It was closed, and the slash is still there. */
  let dismissed = false;
  let stop: (() => void) | undefined;

  /** What is looked for at the caret; undefined when that is nothing. */
  const queryAtCaret = (): string | undefined => {
    const { $from, empty } = editor.state.selection;
    if (!empty || !editor.isEditable || !editor.isFocused || !watch.state.markable || watch.state.marks.has('code')) {
      return undefined;
    }
    return SLASH.exec($from.parent.textBetween(0, $from.parentOffset, undefined, '￼'))?.[1];
  };
  const close = (): void => {
    if (query === undefined) return;
    query = undefined;
    stop?.();
    popup.hide();
    for (const name of ['aria-controls', 'aria-activedescendant', 'aria-expanded', 'aria-haspopup'])
      field.removeAttribute(name);
  };
  const draw = (): void => {
    const list = {
      id: ID,
      commands: found,
      active,
      grouped: query === '',
      described: true,
      activate,
      choose,
    };
    element.role = listRole(found);
    render(commandList(session, list), element);
    field.setAttribute('aria-controls', ID);
    field.setAttribute('aria-haspopup', 'listbox');
    if (found.length > 0) field.setAttribute('aria-activedescendant', optionId(ID, active));
    else field.removeAttribute('aria-activedescendant');
  };
  const activate = (index: number): void => {
    active = index;
    draw();
  };
  const move = (by: number): void => {
    if (found.length === 0) return;
    activate((active + by + found.length) % found.length);
    element.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  };
  const choose = (command: NamedCommand): void => {
    const { from } = editor.state.selection;
    const length = (query?.length ?? 0) + 1;
    close();
    editor
      .chain()
      .focus()
      .deleteRange({ from: from - length, to: from })
      .run();
    command.run(editor);
  };
  const reference = {
    contextElement: field,
    getBoundingClientRect(): DOMRect {
      const { from } = editor.state.selection;
      const start = Math.max(0, from - (query?.length ?? 0) - 1);
      return posToDOMRect(editor.view, start, start);
    },
  };
  const update = (): void => {
    const next = queryAtCaret();
    if (next === undefined) {
      dismissed = false;
      close();
      return;
    }
    if (query === undefined || dismissed) return;
    if (next !== query) {
      const commands = [...catalogue.values()].filter((command) => command.slash && isPossible(session, command));
      found = next === '' ? inGroups(commands) : findCommands(commands, next);
      active = 0;
      query = next;
      // Who writes on after nothing was found means a slash.
      if (found.length === 0 && next.includes(' ')) {
        dismissed = true;
        close();
        return;
      }
      draw();
      element.scrollTop = 0;
    }
    if (popup.isOpen) popup.follow();
    else popup.show(reference);
  };
  /** It opens when I type the slash, not when a caret comes to one. */
  const onTransaction = ({ transaction }: { transaction: Transaction }): void => {
    if (!transaction.docChanged || transaction.getMeta(ySyncPluginKey) !== undefined) return;
    if (query !== undefined || dismissed || queryAtCaret() !== '') return;
    query = ' ';
    stop = listenWhileOpen(element, field, { dismiss: () => dismiss() });
  };
  const dismiss = (): void => {
    dismissed = true;
    close();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (query === undefined || event.isComposing) return;
    const chosen = found[active];
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) choose(chosen);
    else if (event.key === 'Escape') dismiss();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  element.addEventListener('mousedown', (event) => event.preventDefault());
  field.addEventListener('keydown', onKeyDown, true);
  editor.on('transaction', onTransaction);
  const unsubscribe = watch.subscribe(update);
  return () => {
    close();
    field.removeEventListener('keydown', onKeyDown, true);
    editor.off('transaction', onTransaction);
    unsubscribe();
    popup.destroy();
  };
}
