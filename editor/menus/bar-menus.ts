import { Baseline, Ellipsis, Pilcrow, Plus, Table, TextAlignStart } from 'lucide-static';
import type { NamedCommand } from '../commands/catalogue.ts';
import { COMMAND_GROUPS, type CommandGroup } from '../commands/command.ts';
import { commandItem, type MenuItem } from './menu-item.ts';
import type { MenuSession } from './session.ts';

/** A button of a bar that opens a menu. */
export interface BarMenu {
  readonly name: BarMenuName;
  readonly groups: readonly CommandGroup[];
  readonly icon: string;
  /** Whether the button says which command of the menu is on, in words; else it has that one's icon. */
  readonly worded?: boolean;
  readonly compact?: boolean;
  /** Whether the button looks the same whatever is on. */
  readonly quiet?: boolean;
  /** Only commands that are switched on and off: what a block can be turned into. */
  readonly states?: boolean;
}

export type BarMenuName = 'blockType' | 'color' | 'align' | 'insert' | 'table' | 'more';

/** The menus by the names that layouts have for them. */
export const BAR_MENUS: Readonly<Record<Exclude<BarMenuName, 'more'>, BarMenu>> = {
  blockType: { name: 'blockType', groups: ['blocks', 'lists'], icon: Pilcrow, worded: true, states: true },
  color: { name: 'color', groups: ['color'], icon: Baseline, compact: true, quiet: true },
  align: { name: 'align', groups: ['align'], icon: TextAlignStart },
  insert: { name: 'insert', groups: ['insert'], icon: Plus, quiet: true },
  table: { name: 'table', groups: ['table'], icon: Table, quiet: true },
};

export const MORE_ICON = Ellipsis;

/** The commands of a menu, in their order. */
export function commandsOf({ catalogue }: MenuSession, { groups, states }: BarMenu): NamedCommand[] {
  return [...catalogue.values()].filter(({ group, isActive }) => groups.includes(group) && (!states || isActive));
}

export function itemsOf(session: MenuSession, menu: BarMenu): MenuItem[] {
  return commandsOf(session, menu).map((command) => commandItem(session, command));
}

/** Commands under the names of their groups. */
export function groupedItems(session: MenuSession, commands: readonly NamedCommand[]): MenuItem[] {
  return COMMAND_GROUPS.flatMap((group): MenuItem[] => {
    const own = commands.filter((command) => command.group === group);
    if (own.length === 0) return [];
    const heading = { kind: 'heading', label: session.messages.commandGroups[group] } as const;
    return [heading, ...own.map((command) => commandItem(session, command))];
  });
}
