import type { Editor } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import type { MenuMessages } from '../messages/menus.ts';
import { type Heading, headingsOf } from './headings.ts';
import { reveal } from './reveal.ts';
import { toolLanguageOf } from './tool-language.ts';
import { toolboxOf } from './toolbox.ts';

/** How far below the upper edge a heading may be for its section to be the one that is read, in pixels. */
const READING_LINE_PX = 96;

/** Something that is shown for an editor, in an element of the page. */
export interface Shown {
  /** Takes it out of its element. May be called twice. */
  destroy(): void;
}

/**
 * Shows the headings of an editor's document in `element`, as a list of which one can go to each. The section that is in
 * sight is marked. It follows the document at most once a frame, and is drawn when a heading changed.
 * @param onGo called when somebody went to a heading, for what covers the text and is to go away then
 */
export function createOutline(element: HTMLElement, editor: Editor, onGo: () => void = () => {}): Shown {
  const { frame } = toolboxOf(editor);
  const root = document.createElement('nav');
  root.className = 'scriptorium-outline';
  element.append(root);
  let messages: MenuMessages['outline'] | undefined;
  let headings: readonly Heading[] = [];
  let current = -1;
  let frameRequest: number | undefined;

  const go = (index: number): void => {
    // Where it is now: others may have written since it was drawn.
    const heading = headingsOf(editor.state.doc)[index];
    if (!heading) return;
    const { state, view } = editor;
    view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, heading.at + 1)));
    const target = view.nodeDOM(heading.at);
    if (target instanceof HTMLElement) reveal(target, frame, 'start');
    // With the focus a phone would bring its keyboard, over what one wants to read.
    if (!matchMedia('(pointer: coarse)').matches) view.focus();
    onGo();
  };

  /** The last heading that is above the line where one reads. */
  const sectionInSight = (): number => {
    const line = frame.head.getBoundingClientRect().bottom + READING_LINE_PX;
    let low = 0;
    let high = headings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const target = editor.view.nodeDOM(headings[middle]?.at ?? 0);
      if (target instanceof HTMLElement && target.getBoundingClientRect().top > line) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  };

  const draw = (): void => {
    if (messages) render(template(messages, headings, current, go), root);
    const item = root.querySelector('[aria-current]');
    // Only within the list: the page stays where it is.
    if (item && root.scrollHeight > root.clientHeight) {
      const [line, box] = [item.getBoundingClientRect(), root.getBoundingClientRect()];
      if (line.top < box.top || line.bottom > box.bottom) root.scrollTop += line.top - box.top - box.height / 2;
    }
  };
  const update = (): void => {
    frameRequest = undefined;
    if (editor.isDestroyed) return;
    const next = headingsOf(editor.state.doc);
    const changed =
      next.length !== headings.length ||
      next.some(({ text, level }, index) => text !== headings[index]?.text || level !== headings[index]?.level);
    headings = next;
    const section = sectionInSight();
    if (!changed && section === current) return;
    current = section;
    draw();
  };
  const schedule = (): void => {
    frameRequest ??= requestAnimationFrame(update);
  };
  const onTransaction = ({ transaction }: { transaction: { docChanged: boolean } }): void => {
    if (transaction.docChanged) schedule();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const links = [...root.querySelectorAll<HTMLElement>('button')];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    links[Math.max(0, Math.min(next, links.length - 1))]?.focus();
  };
  const destroy = (): void => {
    editor.off('transaction', onTransaction);
    editor.off('destroy', destroy);
    removeEventListener('scroll', schedule, { capture: true });
    removeEventListener('resize', schedule);
    if (frameRequest !== undefined) cancelAnimationFrame(frameRequest);
    root.remove();
  };

  root.addEventListener('keydown', onKeyDown);
  editor.on('transaction', onTransaction);
  editor.on('destroy', destroy);
  addEventListener('scroll', schedule, { capture: true, passive: true });
  addEventListener('resize', schedule);
  void toolLanguageOf(editor).then(({ messages: all, locale }) => {
    messages = all.outline;
    root.ariaLabel = messages.label;
    root.lang = locale;
    draw();
    schedule();
  });
  return { destroy };
}

function template(
  messages: MenuMessages['outline'],
  headings: readonly Heading[],
  current: number,
  go: (index: number) => void,
): TemplateResult {
  if (headings.length === 0) return html`<p>${messages.empty}</p>`;
  const highest = Math.min(...headings.map(({ level }) => level));
  return html`<ol>
    ${headings.map(
      ({ text, level }, index) => html`<li data-level=${level - highest + 1}>
        <button
          type="button"
          tabindex=${index === Math.max(current, 0) ? 0 : -1}
          aria-current=${index === current ? 'location' : nothing}
          @click=${() => go(index)}
        ><span dir="auto">${text}</span></button>
      </li>`,
    )}
  </ol>`;
}
