import { html, render } from 'lit/html.js';
import { Search } from 'lucide-static';
import type { NamedCommand } from '../commands/catalogue.ts';
import { icon } from '../icon.ts';
import { commandList, inGroups, listRole, optionId } from './command-list.ts';
import { openDialog } from './dialog.ts';
import { findCommands } from './match.ts';
import { isPossible, type MenuSession, runFromMenu } from './session.ts';

const ID = 'scriptorium-palette';

/** Opens the field in which all commands are found by their names. Returns what closes it. */
export function openPalette(session: MenuSession): () => void {
  const { catalogue, messages, editor } = session;
  const commands = inGroups(
    [...catalogue.values()].filter((command) => isPossible(session, command) && command.name !== 'palette'),
  );
  let found: readonly NamedCommand[] = commands;
  let query = '';
  let active = 0;
  let chosen: NamedCommand | undefined;

  const dialog = openDialog(session.root, 'scriptorium-palette', messages.menus.palette, () => {
    if (chosen) runFromMenu(session, chosen);
    else editor.view.focus();
  });
  const { element } = dialog;
  const choose = (command: NamedCommand): void => {
    chosen = command;
    dialog.close();
  };
  const activate = (index: number): void => {
    active = index;
    draw();
  };
  const onInput = (event: InputEvent): void => {
    query = (event.target as HTMLInputElement).value;
    found = query.trim() === '' ? commands : findCommands(commands, query);
    activate(0);
    element.querySelector(`#${ID}`)?.scrollTo(0, 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const last = found.length - 1;
    const command = found[active];
    if (event.key === 'ArrowDown' && command) activate(active === last ? 0 : active + 1);
    else if (event.key === 'ArrowUp' && command) activate(active === 0 ? last : active - 1);
    else if (event.key === 'Enter' && command) choose(command);
    else return;
    event.preventDefault();
    element.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  };
  const draw = (): void => {
    render(
      html`<div class="scriptorium-search">
          ${icon(Search)}
          <input
            type="text"
            role="combobox"
            autocomplete="off"
            spellcheck="false"
            autofocus
            placeholder=${messages.menus.searchCommands}
            aria-label=${messages.menus.searchCommands}
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls=${ID}
            aria-activedescendant=${found.length > 0 ? optionId(ID, active) : ''}
            @input=${onInput}
            @keydown=${onKeyDown}
          />
        </div>
        <div class="scriptorium-palette-list" role=${listRole(found)} id=${ID} aria-label=${messages.menus.palette}>
          ${commandList(session, { id: ID, commands: found, active, grouped: query.trim() === '', described: false, activate, choose })}
        </div>`,
      element,
    );
  };
  draw();
  element.querySelector('input')?.focus();
  return dialog.close;
}
