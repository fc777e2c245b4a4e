import type { Editor } from '@tiptap/core';
import { html, render } from 'lit/html.js';
import { BookOpen, X } from 'lucide-static';
import { icon } from '../icon.ts';
import type { MenuMessages } from '../messages/menus.ts';
import { createCounts } from './counts.ts';
import { createOutline, type Shown } from './outline.ts';
import { toolButton } from './tool-button.ts';
import type { Toolbox } from './toolbox.ts';
import { switchMode, type ViewMode } from './view-modes.ts';

/** Makes what shows a mode that is on. */
export type Panel = (editor: Editor, toolbox: Toolbox, messages: MenuMessages) => Shown;

/** Made by what shows them: show-view.ts. */
export const PANELS: Partial<Record<ViewMode, Panel>> = {
  outline: outlinePanel,
  counts: countsPanel,
  reading: readingPanel,
};

/** Beside the text where there is room, else over it; on a phone a sheet at the lower edge. */
function outlinePanel(editor: Editor, { frame }: Toolbox, messages: MenuMessages): Shown {
  const panel = document.createElement('div');
  panel.className = 'scriptorium-outline-panel';
  const isOverText = (): boolean => getComputedStyle(panel).getPropertyValue('--scriptorium-covers').trim() === '1';
  const close = (): void => {
    switchOff(editor, 'outline');
    editor.view.focus();
  };
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close();
  });
  const head = document.createElement('div');
  head.className = 'scriptorium-outline-head';
  panel.append(head);
  render(
    html`<span>${messages.outline.label}</span>${toolButton({ label: messages.outline.close, svg: X, run: close })}`,
    head,
  );
  const outline = createOutline(panel, editor, () => isOverText() && switchOff(editor, 'outline'));
  frame.addTool(panel);
  return {
    destroy() {
      outline.destroy();
      panel.remove();
    },
  };
}

function countsPanel(editor: Editor, { frame }: Toolbox): Shown {
  const panel = document.createElement('div');
  panel.className = 'scriptorium-status';
  const counts = createCounts(panel, editor);
  frame.addStatus(panel);
  return {
    destroy() {
      counts.destroy();
      panel.remove();
    },
  };
}

/** Says why nothing can be written, and ends that. */
function readingPanel(editor: Editor, { frame }: Toolbox, messages: MenuMessages): Shown {
  const panel = document.createElement('div');
  panel.className = 'scriptorium-status';
  panel.dataset['kind'] = 'reading';
  panel.role = 'status';
  const edit = (): void => {
    switchOff(editor, 'reading');
    editor.view.focus();
  };
  frame.addStatus(panel);
  render(
    html`${icon(BookOpen)}<span>${messages.view.reading}</span>
      <button type="button" class="scriptorium-notice-action" @click=${edit}>${messages.view.edit}</button>`,
    panel,
  );
  return { destroy: () => panel.remove() };
}

function switchOff(editor: Editor, mode: ViewMode): void {
  editor.view.dispatch(switchMode(editor.state.tr, mode, false));
}
