import type { Editor } from '@tiptap/core';

/** What commands open; each is a menu that takes the focus. */
export type Opening = 'link' | 'blockMenu' | 'palette' | 'shortcuts' | 'bar';

type Opener = (what: Opening) => void;

const openers = new WeakMap<Editor, Opener>();

/** The menus of an editor say how they are opened. Commands know only the editor. */
export function setOpener(editor: Editor, opener: Opener): void {
  openers.set(editor, opener);
}

export function openFromCommand(editor: Editor, what: Opening): void {
  openers.get(editor)?.(what);
}
