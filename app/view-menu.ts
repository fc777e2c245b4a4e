import type { Editor } from '@tiptap/core';
import { BookOpen, Focus, Hash, Search, TableOfContents, UnfoldHorizontal } from 'lucide-static';
import { switchMode, type ViewMode, viewModesIn } from '../editor/tools/view-modes.ts';
import { messages } from './language.ts';
import type { MenuGroup, MenuItem } from './menu-button.ts';

const MODES: readonly (readonly [mode: ViewMode, icon: string])[] = [
  ['outline', TableOfContents],
  ['counts', Hash],
  ['focus', Focus],
  ['wide', UnfoldHorizontal],
  ['reading', BookOpen],
];

/** How a document is looked at, and what is in it. */
export function viewMenu(editor: Editor): MenuGroup {
  const t = messages().view;
  const isOn = (mode: ViewMode): boolean => viewModesIn(editor.state).has(mode);
  const toggles = MODES.map(
    ([mode, icon]): MenuItem => ({
      name: mode,
      label: t[mode],
      icon,
      isOn: () => isOn(mode),
      run: () => editor.view.dispatch(switchMode(editor.state.tr, mode, !isOn(mode))),
    }),
  );
  return {
    label: t.label,
    items: [{ name: 'find', label: t.find, icon: Search, run: () => find(editor) }, ...toggles],
  };
}

/** Opens find for an editor by its shortcut, also when the focus is nowhere. Returns what ends it. */
export function findAnywhere(editor: () => Editor | undefined): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    const current = editor();
    const isFind = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!current || !isFind || event.shiftKey || event.defaultPrevented) return;
    event.preventDefault();
    find(current);
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}

function find(editor: Editor): void {
  import('../editor/tools/index.ts')
    .then(({ openFind }) => openFind(editor))
    .catch((error: unknown) => console.warn('Find could not be loaded.', error));
}
