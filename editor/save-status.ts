import { html, render } from 'lit/html.js';
import { Check, CloudOff, Eye, LoaderCircle, TriangleAlert } from 'lucide-static';
import { icon } from './icon.ts';
import type { SaveState } from './save-state.ts';

/** How long news that come and go at every keystroke must last before they are shown: the words would flicker. */
const CALM_MS = 350;

const ICONS: Record<SaveState['kind'], string> = {
  connecting: LoaderCircle,
  saving: LoaderCircle,
  saved: Check,
  reading: Eye,
  offline: CloudOff,
  unkept: TriangleAlert,
  refused: TriangleAlert,
};

/** The save state on the screen. */
export interface SaveStatus {
  readonly element: HTMLElement;
  show(state: SaveState): void;
  destroy(): void;
}

/** Shows the save state in words and with an icon; bad news at once, "Saved" when it has been true for a moment. */
export function createSaveStatus(initial: SaveState): SaveStatus {
  const element = document.createElement('div');
  element.className = 'scriptorium-save';
  let shown = initial;
  let next = initial;
  /** What was wrong last, until all is saved again. */
  let trouble: SaveState['kind'] | undefined;
  let said = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const draw = (): void => {
    timer = undefined;
    shown = next;
    const { kind, text } = shown;
    element.dataset['kind'] = kind;
    // Read out when it becomes worse and when it is good again, not with every change that is counted or saved.
    const isTrouble = kind === 'reading' || kind === 'offline' || kind === 'unkept' || kind === 'refused';
    if (isTrouble && kind !== trouble) said = text;
    else if (kind === 'saved') said = trouble === undefined ? '' : text;
    if (isTrouble) trouble = kind;
    else if (kind === 'saved') trouble = undefined;
    render(
      html`${icon(ICONS[kind])}<span class="scriptorium-save-text">${text}</span>
        <span class="scriptorium-unseen" role="status">${said}</span>`,
      element,
    );
  };
  draw();

  return {
    element,
    show(state) {
      next = state;
      if (state.kind === shown.kind && state.text === shown.text) {
        clearTimeout(timer);
        timer = undefined;
        return;
      }
      // Saved, until the next key; not kept yet, until the disk has it.
      const mayPass =
        (shown.kind === 'saving' && state.kind === 'saved') || (shown.kind === 'offline' && state.kind === 'unkept');
      if (mayPass) {
        timer ??= setTimeout(draw, CALM_MS);
        return;
      }
      clearTimeout(timer);
      draw();
    },
    destroy() {
      clearTimeout(timer);
      element.remove();
    },
  };
}
