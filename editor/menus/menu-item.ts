import type { NamedCommand } from '../commands/catalogue.ts';
import { isPossible, type MenuSession, runFromMenu } from './session.ts';

/** A line of a menu. */
export type MenuItem = ActionItem | SubmenuItem | { readonly kind: 'heading'; readonly label: string };

export interface ActionItem {
  readonly kind: 'action';
  readonly name: string;
  readonly label: string;
  readonly icon: string;
  readonly shortcut?: string | undefined;
  /** Whether it is on; undefined for what is done rather than switched on and off. */
  readonly checked?: boolean | undefined;
  readonly possible: boolean;
  run(): void;
}

export interface SubmenuItem {
  readonly kind: 'submenu';
  readonly name: string;
  readonly label: string;
  readonly icon: string;
  readonly compact?: boolean;
  readonly items: () => readonly MenuItem[];
}

/** A command as a line of a menu. */
export function commandItem(session: MenuSession, command: NamedCommand): ActionItem {
  const { name, label, icon, shortcut } = command;
  return {
    kind: 'action',
    name,
    label,
    icon,
    shortcut,
    checked: command.isActive?.(session.watch.state),
    possible: isPossible(session, command),
    run: () => runFromMenu(session, command),
  };
}
