import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { NamedCommand } from '../commands/catalogue.ts';
import { COMMAND_GROUPS } from '../commands/command.ts';
import { icon } from '../icon.ts';
import type { MenuSession } from './session.ts';
import { shownShortcut } from './shortcut.ts';

/** A list of commands to choose from while the focus is elsewhere, as in the field that searches it. */
export interface CommandList {
  readonly id: string;
  readonly commands: readonly NamedCommand[];
  readonly active: number;
  /** Whether they stand under the names of their groups; else the best comes first. */
  readonly grouped: boolean;
  readonly described: boolean;
  activate(index: number): void;
  choose(command: NamedCommand): void;
}

export const optionId = (list: string, index: number): string => `${list}-${index}`;

/** The role of what holds a list: without an option it is no listbox. */
export const listRole = (commands: readonly NamedCommand[]): string => (commands.length > 0 ? 'listbox' : 'group');

/** As the ARIA listbox pattern has it; the field says which option is active. */
export function commandList({ messages }: MenuSession, list: CommandList): TemplateResult {
  const { commands } = list;
  if (commands.length === 0) {
    return html`<p class="scriptorium-list-empty" role="status">${messages.menus.nothingFound}</p>`;
  }
  if (!list.grouped) return html`${commands.map((command, index) => option(list, command, index))}`;
  const groups = COMMAND_GROUPS.filter((group) => commands.some((command) => command.group === group));
  return html`${groups.map(
    (group) => html`<div role="group" aria-labelledby="${list.id}-${group}">
      <div class="scriptorium-menu-heading" id="${list.id}-${group}">${messages.commandGroups[group]}</div>
      ${commands.map((command, index) => (command.group === group ? option(list, command, index) : nothing))}
    </div>`,
  )}`;
}

function option(list: CommandList, command: NamedCommand, index: number): TemplateResult {
  const { label, description, shortcut } = command;
  return html`<div
    role="option"
    class="scriptorium-menu-item"
    id=${optionId(list.id, index)}
    data-name=${command.name}
    aria-selected=${String(index === list.active)}
    @pointermove=${() => list.active !== index && list.activate(index)}
    @click=${() => list.choose(command)}
  >
    ${icon(command.icon)}
    <span class="scriptorium-menu-label">
      ${label}${list.described && description ? html`<small>${description}</small>` : nothing}
    </span>
    ${shortcut ? html`<kbd class="scriptorium-menu-shortcut">${shownShortcut(shortcut)}</kbd>` : nothing}
  </div>`;
}

/** The commands in the order in which the list shows them under the names of their groups. */
export function inGroups(commands: readonly NamedCommand[]): NamedCommand[] {
  return COMMAND_GROUPS.flatMap((group) => commands.filter((command) => command.group === group));
}
