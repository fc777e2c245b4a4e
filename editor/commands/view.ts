import { Replace, Search } from 'lucide-static';
import type { Command } from './command.ts';

/** What looks at the document and does not change it. Each tool is loaded when it is first used. */
export const viewCommands: readonly Command[] = [
  {
    name: 'find',
    group: 'tools',
    icon: Search,
    shortcut: 'Mod+F',
    run: (editor) => void import('../tools/find/open-find.ts').then(({ openFind }) => openFind(editor)),
    isPossible: () => true,
    readOnly: true,
  },
  {
    name: 'replace',
    group: 'tools',
    icon: Replace,
    shortcut: 'Mod+Alt+F',
    run: (editor) => void import('../tools/find/open-find.ts').then(({ openFind }) => openFind(editor, true)),
    isPossible: () => true,
  },
];
