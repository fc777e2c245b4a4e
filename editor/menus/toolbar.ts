import type { Editor } from '@tiptap/core';
import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import type { Catalogue, NamedCommand } from '../commands/catalogue.ts';
import { type CommandState, readCommandState } from '../commands/command-state.ts';
import { icon } from '../icon.ts';
import { readUndoManager } from '../undo-manager.ts';
import { ariaShortcut, shownShortcut } from './shortcut.ts';
import { TOOLBAR_GROUPS } from './toolbar-layout.ts';

/**
 * Fills the toolbar of an editor: one tab stop, arrow keys between the buttons, as the ARIA toolbar pattern has it.
 * Drawn at most once a microtask, whatever happened in it: a transaction, a new undo step and a change of focus are one. Returns what ends it.
 */
export function fillToolbar(element: HTMLElement, editor: Editor, catalogue: Catalogue): () => void {
  let tabStop = 0;
  let scheduled = false;
  let destroyed = false;

  const draw = (): void => {
    scheduled = false;
    if (!destroyed) render(template(editor, catalogue, readCommandState(editor.state), tabStop), element);
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

  return () => {
    destroyed = true;
    editor.off('transaction', scheduleDraw);
    editor.off('update', scheduleDraw);
    undoManager?.off('stack-item-added', scheduleDraw);
    undoManager?.off('stack-item-popped', scheduleDraw);
    undoManager?.off('stack-cleared', scheduleDraw);
    element.removeEventListener('focusin', onFocusIn);
    element.removeEventListener('keydown', onKeyDown);
    element.removeEventListener('mousedown', keepFocus);
    render(nothing, element);
  };
}

function template(editor: Editor, catalogue: Catalogue, state: CommandState, tabStop: number): TemplateResult {
  let index = 0;
  const groups = TOOLBAR_GROUPS.map((names) => {
    const commands = names.flatMap((name) => catalogue.get(name) ?? []);
    const first = index;
    index += commands.length;
    return html`<div class="scriptorium-toolbar-group">
      ${commands.map((command, offset) => button(editor, command, state, first + offset === tabStop))}
    </div>`;
  });
  return html`${groups}`;
}

function button(editor: Editor, command: NamedCommand, state: CommandState, isTabStop: boolean): TemplateResult {
  const { name, label, shortcut } = command;
  const possible = editor.isEditable && command.isPossible(state);
  const run = (event: MouseEvent): void => {
    if (!possible) return;
    // A click is on the way back to the text; who pressed a key is on the toolbar and stays there.
    if (event.detail > 0) editor.commands.focus();
    command.run(editor);
  };
  // Buttons that cannot be used now stay focusable, so that arrow keys do not skip and the tab stop is never lost.
  return html`<button
    type="button"
    class="scriptorium-button"
    data-name=${name}
    tabindex=${isTabStop ? 0 : -1}
    title=${shortcut ? `${label} (${shownShortcut(shortcut)})` : label}
    aria-label=${label}
    aria-keyshortcuts=${shortcut ? ariaShortcut(shortcut) : nothing}
    aria-pressed=${command.isActive ? String(command.isActive(state)) : nothing}
    aria-disabled=${String(!possible)}
    @click=${run}
  >${icon(command.icon)}</button>`;
}
