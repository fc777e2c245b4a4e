import type { Placement, ReferenceElement } from '@floating-ui/dom';
import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { ChevronRight } from 'lucide-static';
import { icon } from '../icon.ts';
import { listenWhileOpen } from './dismiss.ts';
import type { MenuItem } from './menu-item.ts';
import { createPopup } from './popup.ts';
import type { MenuSession } from './session.ts';
import { ariaShortcut, shownShortcut } from './shortcut.ts';

export interface MenuOptions {
  /** For assistive technology. */
  readonly label: string;
  /** Read again whenever something changed. */
  readonly items: () => readonly MenuItem[];
  readonly placement?: Placement;
  /** Rows of pictures without words, as of colours. Default: false. */
  readonly compact?: boolean;
  /** Whether the focus goes to the first item, as when it was opened with a key. A touch keyboard stays open otherwise. */
  readonly focus: boolean;
  /** What belongs to the menu beside itself, such as the button that opened it. */
  readonly trigger?: HTMLElement | undefined;
  /** It is closed; `refocus`: without a choice, from the keyboard. */
  onClose?(refocus: boolean): void;
  /** Something in it was chosen. */
  onChosen?(): void;
}

/** An open menu. */
export interface Menu {
  readonly element: HTMLElement;
  close(): void;
}

/** Opens a menu as the ARIA menu pattern has it: arrows, first letters, Escape, submenus to the side. */
export function openMenu(
  session: MenuSession,
  reference: ReferenceElement,
  options: MenuOptions,
  parent: HTMLElement = session.root,
): Menu {
  const { label, items, placement = 'bottom-start', compact = false, trigger } = options;
  const className = compact ? 'scriptorium-menu scriptorium-menu-compact' : 'scriptorium-menu';
  const popup = createPopup(parent, { className, placement });
  const { element } = popup;
  element.role = 'menu';
  element.ariaLabel = label;
  let submenu: { readonly name: string; readonly menu: Menu } | undefined;
  let closed = false;

  const isRtl = (): boolean => getComputedStyle(element).direction === 'rtl';
  const lines = (): HTMLElement[] => [...element.querySelectorAll<HTMLElement>(':scope > [role^="menuitem"]')];
  const close = (refocus = false): void => {
    if (closed) return;
    closed = true;
    // What has the focus goes away: it would be nowhere.
    const hasFocus = element.contains(document.activeElement);
    submenu?.menu.close();
    stopListening();
    unsubscribe();
    popup.destroy();
    options.onClose?.(refocus || hasFocus);
  };
  const openSubmenu = (name: string, focus: boolean): void => {
    if (submenu?.name === name) return;
    submenu?.menu.close();
    const item = items().find((candidate) => candidate.kind === 'submenu' && candidate.name === name);
    const line = element.querySelector<HTMLElement>(`:scope > [data-name="${name}"]`);
    if (item?.kind !== 'submenu' || !line) return;
    const menu = openMenu(
      session,
      line,
      {
        label: item.label,
        items: item.items,
        placement: isRtl() ? 'left-start' : 'right-start',
        compact: item.compact === true,
        focus,
        trigger: line,
        onChosen: closeAll,
        onClose(refocus) {
          submenu = undefined;
          if (closed) return;
          draw();
          if (refocus) line.focus();
        },
      },
      element,
    );
    submenu = { name, menu };
    draw();
  };
  const choose = (item: MenuItem): void => {
    if (item.kind === 'submenu') openSubmenu(item.name, true);
    if (item.kind !== 'action' || !item.possible) return;
    closeAll();
    item.run();
  };
  const closeAll = (): void => {
    close();
    // A choice in a submenu closes all of it.
    options.onChosen?.();
  };

  const draw = (): void => {
    const current = items();
    render(
      current.map((item) =>
        item.kind === 'heading'
          ? html`<div class="scriptorium-menu-heading" role="presentation">${item.label}</div>`
          : line(item, submenu?.name === item.name, () => choose(item)),
      ),
      element,
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = lines();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const target = keyTarget(event, all, at, compact);
    if (target) target.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close(true);
    else if (event.key === (isRtl() ? 'ArrowRight' : 'ArrowLeft') && parent !== session.root) close(true);
    else if (event.key === (isRtl() ? 'ArrowLeft' : 'ArrowRight') && all[at]?.ariaHasPopup)
      openSubmenu(all[at].dataset['name'] ?? '', true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPointerOver = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || !(event.target instanceof Element)) return;
    const over = event.target.closest<HTMLElement>('[role^="menuitem"]');
    if (!over || over.parentElement !== element) return;
    const name = over.dataset['name'] ?? '';
    if (over.ariaHasPopup) openSubmenu(name, false);
    else submenu?.menu.close();
  };

  element.addEventListener('keydown', onKeyDown);
  element.addEventListener('pointerover', onPointerOver);
  // The selection, and on a phone the keyboard, would go away with the focus.
  element.addEventListener('mousedown', (event) => event.preventDefault());
  const stopListening = listenWhileOpen(element, trigger, {
    dismiss: (byKey) => close(byKey),
    enter: () => lines()[0]?.focus(),
  });
  const unsubscribe = session.watch.subscribe(draw);
  draw();
  popup.show(reference);
  if (options.focus) (lines().find(({ ariaChecked }) => ariaChecked === 'true') ?? lines()[0])?.focus();
  return { element, close: () => close() };
}

function line(item: Exclude<MenuItem, { kind: 'heading' }>, expanded: boolean, choose: () => void): TemplateResult {
  const { name, label } = item;
  const isAction = item.kind === 'action';
  const shortcut = isAction ? item.shortcut : undefined;
  const checked = isAction ? item.checked : undefined;
  return html`<button
    type="button"
    class="scriptorium-menu-item"
    role=${checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
    tabindex="-1"
    data-name=${name}
    title=${label}
    aria-checked=${checked === undefined ? nothing : String(checked)}
    aria-disabled=${isAction && !item.possible ? 'true' : nothing}
    aria-haspopup=${isAction ? nothing : 'menu'}
    aria-expanded=${isAction ? nothing : String(expanded)}
    aria-keyshortcuts=${shortcut ? ariaShortcut(shortcut) : nothing}
    @click=${choose}
  >
    ${icon(item.icon)}
    <span class="scriptorium-menu-label">${label}</span>
    ${shortcut ? html`<kbd class="scriptorium-menu-shortcut" aria-hidden="true">${shownShortcut(shortcut)}</kbd>` : nothing}
    ${isAction ? nothing : html`<span class="scriptorium-menu-more">${icon(ChevronRight)}</span>`}
  </button>`;
}

/** Where the focus goes with a key. */
function keyTarget(
  event: KeyboardEvent,
  all: readonly HTMLElement[],
  at: number,
  compact: boolean,
): HTMLElement | undefined {
  const { key } = event;
  if (key === 'ArrowDown' || (compact && key === 'ArrowRight')) return all[(at + 1) % all.length];
  if (key === 'ArrowUp' || (compact && key === 'ArrowLeft')) return all.at(at <= 0 ? -1 : at - 1);
  if (key === 'Home') return all[0];
  if (key === 'End') return all.at(-1);
  const isLetter = key.length === 1 && key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!isLetter) return undefined;
  const after = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  return after.find(({ title }) => title.toLowerCase().startsWith(key.toLowerCase()));
}
