import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import { inkOn, readUser } from './user.ts';

/** How long a name stays beside a caret after it moved. Then only the bar is left; the name comes back on hover. */
const LABEL_MS = 2500;

/**
 * Carets and selections of the others.
 *
 * `@tiptap/extension-collaboration-caret` draws each caret once and keeps the element, so that a new name or colour does
 * not show until the person leaves; and its names never go away. The positions are y-tiptap's in both.
 */
export function carets(awareness: Awareness): Extension {
  return Extension.create({
    name: 'carets',
    // Above the other plugins, like the extension that this stands for: the decorations of a caret go outermost.
    priority: 999,
    addProseMirrorPlugins() {
      const movedAt = new Map<number, number>();
      return [
        yCursorPlugin(awareness, {
          // The document that is edited is a copy with a client id of its own.
          awarenessStateFilter: (_: number, client: number) => client !== awareness.clientID,
          cursorBuilder: (user: unknown, clientId) => {
            const caret = createCaret(clientId);
            paint(caret, user);
            caret.toggleAttribute('data-moved', movedAt.has(clientId));
            return caret;
          },
          selectionBuilder: (user: unknown) => ({
            class: 'scriptorium-selection',
            style: `--scriptorium-user-color: ${readUser(user).color}`,
          }),
        }),
        new Plugin({
          key: new PluginKey('caretLabels'),
          view: (view) => keepLabels(view, awareness, movedAt),
        }),
      ];
    },
  });
}

function createCaret(clientId: number): HTMLElement {
  const caret = document.createElement('span');
  caret.className = 'scriptorium-caret';
  caret.dataset['client'] = String(clientId);
  // Read out in the middle of a sentence a name would be noise.
  caret.ariaHidden = 'true';
  const label = document.createElement('span');
  label.className = 'scriptorium-caret-label';
  caret.append(label);
  return caret;
}

function paint(caret: HTMLElement, value: unknown): void {
  const user = readUser(value);
  caret.style.setProperty('--scriptorium-user-color', user.color);
  caret.style.setProperty('--scriptorium-user-ink', inkOn(user.color));
  const label = caret.firstElementChild;
  if (label && label.textContent !== user.name) label.textContent = user.name;
}

/** Shows the name of whoever moved for a while, on the side where there is room, and repaints who changed name or colour. */
function keepLabels(view: EditorView, awareness: Awareness, movedAt: Map<number, number>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame: number | undefined;
  const caretOf = (client: number): HTMLElement | null =>
    view.dom.querySelector(`.scriptorium-caret[data-client="${client}"]`);

  const hideStale = (): void => {
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [client, at] of movedAt) {
      const left = at + LABEL_MS - now;
      if (left > 0) {
        next = Math.min(next, left);
        continue;
      }
      movedAt.delete(client);
      caretOf(client)?.removeAttribute('data-moved');
    }
    timer = next === Number.POSITIVE_INFINITY ? undefined : setTimeout(hideStale, next);
  };

  const onChange = ({ added, updated }: { added: number[]; updated: number[] }): void => {
    for (const client of [...added, ...updated]) {
      if (client === awareness.clientID) continue;
      movedAt.set(client, Date.now());
      const caret = caretOf(client);
      if (!caret) continue;
      paint(caret, awareness.getStates().get(client)?.['user']);
      caret.setAttribute('data-moved', '');
    }
    timer ??= setTimeout(hideStale, LABEL_MS);
  };

  const chooseSides = (): void => {
    frame = undefined;
    const { right } = view.dom.getBoundingClientRect();
    // All reads before all writes, so that the page is laid out once.
    const sides = [...view.dom.querySelectorAll<HTMLElement>('.scriptorium-caret[data-moved]')].map((caret) => {
      const width = caret.firstElementChild?.getBoundingClientRect().width ?? 0;
      return { caret, toTheLeft: caret.getBoundingClientRect().left + width > right };
    });
    for (const { caret, toTheLeft } of sides) caret.toggleAttribute('data-left', toTheLeft);
  };

  awareness.on('change', onChange);
  return {
    update: (): void => {
      if (movedAt.size > 0) frame ??= requestAnimationFrame(chooseSides);
    },
    destroy: (): void => {
      awareness.off('change', onChange);
      clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
