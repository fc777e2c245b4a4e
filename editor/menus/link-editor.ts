import { getMarkRange, posToDOMRect } from '@tiptap/core';
import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { Check, Copy, ExternalLink, Pencil, Unlink } from 'lucide-static';
import { icon } from '../icon.ts';
import { isSafeLink } from '../safe-link.ts';
import { listenWhileOpen } from './dismiss.ts';
import { readLinkAddress } from './link-address.ts';
import { createPopup } from './popup.ts';
import type { MenuSession } from './session.ts';
import { showSelection } from './shown-selection.ts';

/** What stands at a link: where it leads, and a form to change that. */
export interface LinkEditor {
  /** Opens the form, for the link at the selection or a new one. */
  edit(): void;
  destroy(): void;
}

export function createLinkEditor(session: MenuSession, onEditing: (isEditing: boolean) => void): LinkEditor {
  const { editor, watch, messages, root } = session;
  const popup = createPopup(root, { className: 'scriptorium-link', placement: 'bottom-start', gap: 6 });
  const { element } = popup;
  element.role = 'dialog';
  element.ariaLabel = messages.link.title;
  let mode: 'closed' | 'shown' | 'edited' = 'closed';
  /** The card of a link was closed and the caret is still in it. */
  let dismissed = false;
  let isRefused = false;
  let copied = false;
  let stop: (() => void) | undefined;

  const href = (): string | undefined => {
    const { href } = watch.state.marks.get('link') ?? {};
    return typeof href === 'string' ? href : undefined;
  };
  /** The whole link around a caret, or what is selected. */
  const range = (): { from: number; to: number } => {
    const { from, to, empty, $from } = editor.state.selection;
    const link = editor.schema.marks['link'];
    return (empty && link && getMarkRange($from, link)) || { from, to };
  };
  const reference = {
    contextElement: editor.view.dom,
    getBoundingClientRect(): DOMRect {
      const { from, to } = range();
      return posToDOMRect(editor.view, from, to);
    },
  };
  const close = (refocus: boolean): void => {
    if (mode === 'closed') return;
    const wasEdited = mode === 'edited';
    mode = 'closed';
    stop?.();
    stop = undefined;
    popup.hide();
    if (wasEdited) onEditing(false);
    if (refocus) editor.commands.focus(undefined, { scrollIntoView: false });
  };
  const dismiss = (byKey: boolean): void => {
    dismissed = true;
    close(byKey);
  };
  const edit = (): void => {
    if (!editor.isEditable || !watch.state.markable) return;
    close(false);
    mode = 'edited';
    isRefused = false;
    onEditing(true);
    const hideSelection = showSelection(editor);
    const stopListening = listenWhileOpen(element, undefined, { dismiss });
    stop = () => {
      hideSelection();
      stopListening();
    };
    draw();
    popup.show(reference);
    const field = element.querySelector<HTMLInputElement>('input[name="address"]');
    field?.focus();
    field?.select();
  };
  const apply = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const address = readLinkAddress(String(data.get('address')));
    isRefused = address === undefined;
    if (address === undefined) {
      draw();
      element.querySelector<HTMLInputElement>('input[name="address"]')?.focus();
      return;
    }
    const { from, to } = range();
    const text = String(data.get('text') ?? '').trim() || String(data.get('address')).trim();
    const isNew = from === to;
    close(false);
    const chain = editor.chain().focus(undefined, { scrollIntoView: false });
    if (isNew) {
      const marks = [{ type: 'link', attrs: { href: address } }];
      chain.insertContent({ type: 'text', text, marks }).unsetMark('link').run();
    } else {
      // The next character that is typed behind it is not the link.
      chain.setTextSelection({ from, to }).setLink({ href: address }).setTextSelection(to).unsetMark('link').run();
    }
    dismissed = true;
  };
  const remove = (): void => {
    const { from, to } = range();
    const { anchor, head } = editor.state.selection;
    close(false);
    editor
      .chain()
      .focus(undefined, { scrollIntoView: false })
      .setTextSelection({ from, to })
      .unsetLink()
      .setTextSelection({ from: Math.min(anchor, head), to: Math.max(anchor, head) })
      .run();
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(new URL(href() ?? '', location.href).href);
    copied = true;
    draw();
  };

  const draw = (): void => {
    render(mode === 'edited' ? form() : card(), element);
  };
  const card = (): TemplateResult => {
    const address = href() ?? '';
    return html`<div class="scriptorium-link-card">
      ${
        isSafeLink(address)
          ? html`<a class="scriptorium-link-address" href=${address} target="_blank" rel="noopener noreferrer nofollow">
              ${icon(ExternalLink)}<span>${shortened(address)}</span>
            </a>`
          : html`<span class="scriptorium-link-address">${address}</span>`
      }
      ${button(copied ? messages.link.copied : messages.link.copy, copied ? Check : Copy, () => void copy())}
      ${editor.isEditable ? [button(messages.link.edit, Pencil, edit), button(messages.link.remove, Unlink, remove)] : nothing}
    </div>`;
  };
  const form = (): TemplateResult => {
    const isNew = range().from === range().to;
    const current = href() ?? '';
    return html`<form class="scriptorium-link-form" novalidate @submit=${apply}>
      ${
        isNew
          ? html`<label class="scriptorium-field"><span>${messages.link.text}</span><input name="text" autocomplete="off" /></label>`
          : nothing
      }
      <label class="scriptorium-field">
        <span>${messages.link.address}</span>
        <input
          name="address"
          type="url"
          inputmode="url"
          autocomplete="off"
          spellcheck="false"
          placeholder="https://"
          .defaultValue=${current}
          aria-invalid=${isRefused ? 'true' : nothing}
        />
      </label>
      <div class="scriptorium-link-actions">
        <span class="scriptorium-link-refused" role="alert">${isRefused ? messages.link.refused : nothing}</span>
        ${current ? html`<button type="button" class="scriptorium-text-button" @click=${remove}>${messages.link.remove}</button>` : nothing}
        <button type="submit" class="scriptorium-text-button" data-primary>${messages.link.apply}</button>
      </div>
    </form>`;
  };

  /** The card is there while the caret is in a link, and never takes the focus by itself. */
  const update = (): void => {
    if (mode === 'edited') {
      if (!editor.isEditable) return close(true);
      draw();
      return popup.follow();
    }
    const isInLink = editor.state.selection.empty && href() !== undefined;
    if (!isInLink) dismissed = false;
    const isHere = editor.isFocused || element.contains(document.activeElement);
    if (!isInLink || dismissed || !isHere) {
      close(false);
      return;
    }
    if (mode === 'closed') {
      mode = 'shown';
      copied = false;
      stop = listenWhileOpen(element, editor.view.dom, { dismiss });
    }
    draw();
    if (popup.isOpen) popup.follow();
    else popup.show(reference);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') dismiss(true);
    // Behind the last field comes the first: there is nothing else to do than this.
    else if (event.key === 'Tab') wrapFocus(element, event);
    else return;
    if (event.key === 'Escape') event.preventDefault();
    event.stopPropagation();
  };
  element.addEventListener('keydown', onKeyDown);
  const unsubscribe = watch.subscribe(update);
  return {
    edit,
    destroy() {
      close(false);
      unsubscribe();
      popup.destroy();
    },
  };
}

/** Keeps the focus in an element that the Tab key would leave. */
function wrapFocus(element: HTMLElement, event: KeyboardEvent): void {
  const all = [...element.querySelectorAll<HTMLElement>('a[href], button, input')];
  const [first, last] = [all[0], all.at(-1)];
  const target = event.shiftKey ? first : last;
  if (document.activeElement !== target) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

function button(label: string, svg: string, run: () => void): TemplateResult {
  return html`<button type="button" class="scriptorium-button" title=${label} aria-label=${label} @click=${run}>
    ${icon(svg)}
  </button>`;
}

/** An address without what is the same for all. */
function shortened(address: string): string {
  return address.replace(/^https?:\/\/(www\.)?|^mailto:/, '').replace(/\/$/, '');
}
