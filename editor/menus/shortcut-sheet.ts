import { html, render } from 'lit/html.js';
import { X } from 'lucide-static';
import { COMMAND_GROUPS } from '../commands/command.ts';
import { icon } from '../icon.ts';
import { openDialog } from './dialog.ts';
import type { MenuSession } from './session.ts';
import { shownShortcut } from './shortcut.ts';

/** Opens the list of all shortcuts. Returns what closes it. */
export function openShortcutSheet({ catalogue, messages, root, editor }: MenuSession): () => void {
  const dialog = openDialog(root, 'scriptorium-sheet', messages.menus.shortcuts, () => editor.view.focus());
  const commands = [...catalogue.values()].filter(({ shortcut }) => shortcut !== undefined);
  const groups = COMMAND_GROUPS.flatMap((group) => {
    const own = commands.filter((command) => command.group === group);
    return own.length > 0 ? { name: messages.commandGroups[group], commands: own } : [];
  });
  render(
    html`<header class="scriptorium-sheet-head">
        <h2>${messages.menus.shortcuts}</h2>
        <button
          type="button"
          class="scriptorium-button"
          autofocus
          aria-label=${messages.menus.close}
          title=${messages.menus.close}
          @click=${dialog.close}
        >${icon(X)}</button>
      </header>
      <div class="scriptorium-sheet-groups" role="group" tabindex="0" aria-label=${messages.menus.shortcuts}>
        ${groups.map(
          ({ name, commands }) => html`<section>
            <h3>${name}</h3>
            <dl>
              ${commands.map(
                ({ label, shortcut = '' }) => html`<div>
                  <dt>${label}</dt>
                  <dd><kbd class="scriptorium-menu-shortcut">${shownShortcut(shortcut)}</kbd></dd>
                </div>`,
              )}
            </dl>
          </section>`,
        )}
      </div>`,
    dialog.element,
  );
  dialog.element.querySelector('button')?.focus();
  return dialog.close;
}
