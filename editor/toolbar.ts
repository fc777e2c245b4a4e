import type { Editor } from '@tiptap/core';
import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { icon } from './icon.ts';
import type { Messages } from './messages.ts';
import { TOOLBAR_GROUPS, type ToolbarItem } from './toolbar-items.ts';
import { readToolbarState, readUndoManager, type ToolbarState } from './toolbar-state.ts';

interface Toolbar {
  readonly element: HTMLElement;
  destroy(): void;
}

/**
 * The formatting toolbar of an editor: one tab stop, arrow keys between the buttons, as the ARIA toolbar pattern has it.
 * Drawn at most once a microtask, whatever happened in it: a transaction, a new undo step and a change of focus are one.
 */
export function createToolbar(editor: Editor, messages: Messages): Toolbar {
  const element = document.createElement('div');
  element.className = 'scriptorium-toolbar';
  element.role = 'toolbar';
  element.ariaLabel = messages.formatting;

  let tabStop = 0;
  let scheduled = false;
  let destroyed = false;

  const draw = (): void => {
    scheduled = false;
    if (!destroyed) render(template(editor, messages, readToolbarState(editor.state), tabStop), element);
  };
  const scheduleDraw = (): void => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(draw);
  };

  const buttons = (): HTMLElement[] => [...element.querySelectorAll('button')];
  const onFocusIn = (event: FocusEvent): void => {
    const index = event.target instanceof HTMLElement ? buttons().indexOf(event.target) : -1;
    if (index < 0 || index === tabStop) return;
    tabStop = index;
    scheduleDraw();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = buttons();
    const next = { ArrowRight: tabStop + 1, ArrowLeft: tabStop - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === 'Escape') editor.commands.focus();
    if (next === undefined) return;
    event.preventDefault();
    all.at(next % all.length)?.focus();
  };
  // The selection, and on a phone the keyboard, would go away with the focus.
  const keepFocus = (event: MouseEvent): void => event.preventDefault();

  element.addEventListener('focusin', onFocusIn);
  element.addEventListener('keydown', onKeyDown);
  element.addEventListener('mousedown', keepFocus);
  editor.on('transaction', scheduleDraw);
  editor.on('update', scheduleDraw);
  // An undo step is recorded after the transaction that made it.
  const undoManager = readUndoManager(editor.state);
  undoManager?.on('stack-item-added', scheduleDraw);
  undoManager?.on('stack-item-popped', scheduleDraw);
  undoManager?.on('stack-cleared', scheduleDraw);
  draw();

  return {
    element,
    destroy() {
      destroyed = true;
      editor.off('transaction', scheduleDraw);
      editor.off('update', scheduleDraw);
      undoManager?.off('stack-item-added', scheduleDraw);
      undoManager?.off('stack-item-popped', scheduleDraw);
      undoManager?.off('stack-cleared', scheduleDraw);
      render(nothing, element);
      element.remove();
    },
  };
}

function template(editor: Editor, messages: Messages, state: ToolbarState, tabStop: number): TemplateResult {
  let index = 0;
  const groups = TOOLBAR_GROUPS.map((items) => {
    const first = index;
    index += items.length;
    return html`<div class="scriptorium-toolbar-group">
      ${items.map((item, offset) => button(editor, item, messages.buttons[item.name] ?? item.name, state, first + offset === tabStop))}
    </div>`;
  });
  return html`${groups}`;
}

function button(
  editor: Editor,
  item: ToolbarItem,
  label: string,
  state: ToolbarState,
  isTabStop: boolean,
): TemplateResult {
  const possible = editor.isEditable && item.isPossible(state);
  const run = (event: MouseEvent): void => {
    if (!possible) return;
    // A click is on the way back to the text; who pressed a key is on the toolbar and stays there.
    const chain = event.detail > 0 ? editor.chain().focus() : editor.chain();
    item.run(chain).run();
  };
  // Buttons that cannot be used now stay focusable, so that arrow keys do not skip and the tab stop is never lost.
  return html`<button
    type="button"
    class="scriptorium-button"
    data-name=${item.name}
    tabindex=${isTabStop ? 0 : -1}
    title="${label} (${shownShortcut(item.shortcut)})"
    aria-label=${label}
    aria-keyshortcuts=${item.shortcut.replace('Mod', isMac() ? 'Meta' : 'Control')}
    aria-pressed=${item.isPressed ? String(item.isPressed(state)) : nothing}
    aria-disabled=${String(!possible)}
    @click=${run}
  >${icon(item.icon)}</button>`;
}

function shownShortcut(shortcut: string): string {
  if (!isMac()) return shortcut.replace('Mod', 'Ctrl');
  const symbols: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
  return shortcut
    .split('+')
    .map((key) => symbols[key] ?? key)
    .join('');
}

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
