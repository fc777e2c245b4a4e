import type { Editor } from '@tiptap/core';
import { BookOpen, Focus, Hash, Printer, Replace, Search, TableOfContents, UnfoldHorizontal } from 'lucide-static';
import { switchMode, type ViewMode, viewModesIn } from '../tools/view-modes.ts';
import type { Command } from './command.ts';

/** What looks at the document and does not change it. Each tool is loaded when it is first used. */
export const viewCommands: readonly Command[] = [
  {
    name: 'find',
    group: 'tools',
    icon: Search,
    shortcut: 'Mod+F',
    run: (editor) => openFind(editor, false),
    isPossible: () => true,
    readOnly: true,
  },
  {
    name: 'replace',
    group: 'tools',
    icon: Replace,
    shortcut: 'Mod+Alt+F',
    run: (editor) => openFind(editor, true),
    isPossible: () => true,
  },
  mode('outline', TableOfContents),
  mode('counts', Hash),
  mode('focus', Focus),
  mode('wide', UnfoldHorizontal),
  mode('reading', BookOpen),
  {
    name: 'print',
    group: 'tools',
    icon: Printer,
    run: () => window.print(),
    isPossible: () => true,
    readOnly: true,
  },
];

function mode(name: ViewMode, icon: string): Command {
  return {
    name,
    group: 'tools',
    icon,
    run: ({ view }) => view.dispatch(switchMode(view.state.tr, name, !viewModesIn(view.state).has(name))),
    isActive: ({ modes }) => modes.has(name),
    isPossible: () => true,
    readOnly: true,
  };
}

function openFind(editor: Editor, replacing: boolean): void {
  import('../tools/find/open-find.ts')
    .then(({ openFind }) => openFind(editor, replacing))
    .catch((error: unknown) => console.warn('Find could not be loaded.', error));
}
