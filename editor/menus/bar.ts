import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { ChevronDown } from 'lucide-static';
import type { NamedCommand } from '../commands/catalogue.ts';
import { type CommandState, isSameState } from '../commands/command-state.ts';
import { icon } from '../icon.ts';
import {
  BAR_MENUS,
  type BarMenu,
  type BarMenuName,
  commandsOf,
  groupedItems,
  itemsOf,
  MORE_ICON,
} from './bar-menus.ts';
import { type Menu, type MenuOptions, openMenu } from './menu.ts';
import { isPossible, type MenuSession, runFromMenu } from './session.ts';
import { ariaShortcut, shownShortcut } from './shortcut.ts';

/** The name of a command, or of a menu as `menu:align`. */
export type BarLayout = readonly (readonly string[])[];

/** A row of buttons: one tab stop, arrow keys between the buttons, as the ARIA toolbar pattern has it. */
export interface Bar {
  /** How many of the last entries are not shown, and are in the menu at the end in their place. */
  setOverflow(count: number): void;
  /** Closes what is open. */
  closeMenu(): void;
  /** Whether the focus is in the bar, or in a menu that it opened. */
  hasFocus(): boolean;
  destroy(): void;
}

type Entry =
  | { readonly kind: 'command'; readonly name: string; readonly command: NamedCommand }
  | { readonly kind: 'menu'; readonly name: string; readonly menu: BarMenu };

/** Fills `element`, which is a toolbar, with buttons that follow the selection. */
export function createBar(element: HTMLElement, session: MenuSession, layout: BarLayout): Bar {
  const { editor, watch, messages } = session;
  const groups = readLayout(session, layout);
  const entries = groups.flat();
  let tabStop = 0;
  let hidden = 0;
  let opened: { readonly name: string; readonly menu: Menu } | undefined;

  const buttons = (): HTMLElement[] => [...element.querySelectorAll<HTMLElement>('button:not([hidden])')];
  let drawn: { readonly state: CommandState; readonly isEditable: boolean } | undefined;
  const draw = (): void => {
    drawn = { state: watch.state, isEditable: editor.isEditable };
    const isHidden = (entry: Entry): boolean => entries.indexOf(entry) >= entries.length - hidden;
    render(
      html`${groups.map(
        (group) => html`<div class="scriptorium-toolbar-group" ?hidden=${group.every(isHidden)}>
          ${group.map((entry) =>
            entry.kind === 'command'
              ? commandButton(session, entry.command, isHidden(entry))
              : menuButton(entry.menu, isHidden(entry)),
          )}
        </div>`,
      )}
      <div class="scriptorium-toolbar-group" ?hidden=${hidden === 0}>
        ${trigger({ name: 'more', label: messages.menus.more, content: icon(MORE_ICON), possible: true, isHidden: hidden === 0, items: overflowItems })}
      </div>`,
      element,
    );
    const all = buttons();
    tabStop = Math.min(tabStop, all.length - 1);
    for (const [index, button] of all.entries()) button.tabIndex = index === tabStop ? 0 : -1;
  };
  const overflowItems: MenuOptions['items'] = () =>
    entries.slice(entries.length - hidden).flatMap((entry) =>
      entry.kind === 'menu'
        ? {
            kind: 'submenu' as const,
            name: entry.name,
            label: messages.menus[entry.menu.name],
            icon: entry.menu.icon,
            compact: entry.menu.compact === true,
            items: () => itemsOf(session, entry.menu),
          }
        : groupedItems(session, [entry.command]).slice(1),
    );

  const menuButton = (menu: BarMenu, isHidden: boolean): TemplateResult => {
    const commands = commandsOf(session, menu);
    // The last one that is on says most: a paragraph in a list is a list.
    const active = commands.findLast((command) => command.isActive?.(watch.state));
    const isOn = active !== undefined && !menu.quiet;
    const content = menu.worded
      ? html`<span class="scriptorium-button-words">${active?.label ?? messages.menus[menu.name]}</span>${icon(ChevronDown)}`
      : html`${icon(isOn && !menu.compact ? active.icon : menu.icon)}`;
    return trigger({
      name: menu.name,
      label: menu.worded && active ? `${messages.menus[menu.name]}: ${active.label}` : messages.menus[menu.name],
      content,
      possible: commands.some((command) => isPossible(session, command)),
      isHidden,
      items: () => itemsOf(session, menu),
      worded: menu.worded === true,
      compact: menu.compact === true,
    });
  };

  interface Trigger {
    readonly name: BarMenuName;
    readonly label: string;
    readonly content: TemplateResult;
    readonly possible: boolean;
    readonly isHidden: boolean;
    readonly items: MenuOptions['items'];
    readonly worded?: boolean;
    readonly compact?: boolean;
  }
  const trigger = (made: Trigger): TemplateResult => {
    const { name, label, possible } = made;
    const toggle = (event: MouseEvent): void => {
      if (!possible) return;
      const button = event.currentTarget as HTMLElement;
      const wasOpen = opened?.name === name;
      opened?.menu.close();
      if (wasOpen) return;
      const menu = openMenu(session, button, {
        label,
        items: made.items,
        compact: made.compact === true,
        focus: event.detail === 0,
        trigger: button,
        onClose(refocus) {
          opened = undefined;
          draw();
          if (refocus && event.detail === 0) button.focus();
          else if (refocus) editor.commands.focus(undefined, { scrollIntoView: false });
        },
      });
      opened = { name, menu };
      draw();
    };
    return html`<button
      type="button"
      class="scriptorium-button ${made.worded ? 'scriptorium-button-worded' : ''}"
      data-name=${name}
      title=${label}
      aria-label=${label}
      aria-haspopup="menu"
      aria-expanded=${String(opened?.name === name)}
      aria-disabled=${String(!possible)}
      ?hidden=${made.isHidden}
      @click=${toggle}
    >${made.content}</button>`;
  };

  const onFocusIn = (event: FocusEvent): void => {
    const index = buttons().indexOf(event.target as HTMLElement);
    if (index < 0 || index === tabStop) return;
    tabStop = index;
    draw();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement)) return;
    const all = buttons();
    const isRtl = getComputedStyle(element).direction === 'rtl';
    const [forward, back] = isRtl ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft'];
    const { key } = event;
    if (key === 'Escape') editor.commands.focus();
    if (key === 'ArrowDown' && event.target.ariaHasPopup) event.target.click();
    if (key === forward) all[(tabStop + 1) % all.length]?.focus();
    else if (key === back) all.at(tabStop - 1)?.focus();
    else if (key === 'Home') all[0]?.focus();
    else if (key === 'End') all.at(-1)?.focus();
    else if (key !== 'ArrowDown') return;
    event.preventDefault();
  };
  // The selection, and on a phone the keyboard, would go away with the focus.
  const keepFocus = (event: MouseEvent): void => event.preventDefault();

  element.addEventListener('focusin', onFocusIn);
  element.addEventListener('keydown', onKeyDown);
  element.addEventListener('mousedown', keepFocus);
  // Most of what others write says nothing new to it.
  const update = (): void => {
    if (drawn?.isEditable !== editor.isEditable || !isSameState(drawn.state, watch.state)) draw();
  };
  const unsubscribe = watch.subscribe(update);
  draw();
  return {
    setOverflow(count) {
      if (count === hidden) return;
      hidden = count;
      draw();
    },
    closeMenu: () => opened?.menu.close(),
    hasFocus: () => [element, opened?.menu.element].some((part) => part?.contains(document.activeElement)),
    destroy() {
      opened?.menu.close();
      unsubscribe();
      element.removeEventListener('focusin', onFocusIn);
      element.removeEventListener('keydown', onKeyDown);
      element.removeEventListener('mousedown', keepFocus);
      render(nothing, element);
    },
  };
}

function commandButton(session: MenuSession, command: NamedCommand, isHidden: boolean): TemplateResult {
  const { name, label, shortcut } = command;
  const { state } = session.watch;
  const possible = isPossible(session, command);
  const run = (event: MouseEvent): void => {
    // A click is on the way back to the text; who pressed a key is on the toolbar and stays there.
    if (event.detail > 0) runFromMenu(session, command);
    else if (possible) command.run(session.editor);
  };
  // Buttons that cannot be used now stay focusable, so that arrow keys do not skip and the tab stop is never lost.
  return html`<button
    type="button"
    class="scriptorium-button"
    data-name=${name}
    title=${shortcut ? `${label} (${shownShortcut(shortcut)})` : label}
    aria-label=${label}
    aria-keyshortcuts=${shortcut ? ariaShortcut(shortcut) : nothing}
    aria-pressed=${command.isActive ? String(command.isActive(state)) : nothing}
    aria-disabled=${String(!possible)}
    ?hidden=${isHidden}
    @click=${run}
  >${icon(command.icon)}</button>`;
}

/** What of a layout this editor has. */
function readLayout(session: MenuSession, layout: BarLayout): Entry[][] {
  return layout
    .map((names) =>
      names.flatMap((name): Entry[] => {
        const menu = BAR_MENUS[name.replace('menu:', '') as keyof typeof BAR_MENUS];
        if (name.startsWith('menu:'))
          return commandsOf(session, menu).length > 0 ? [{ kind: 'menu', name: menu.name, menu }] : [];
        const command = session.catalogue.get(name);
        return command ? [{ kind: 'command', name, command }] : [];
      }),
    )
    .filter((entries) => entries.length > 0);
}
