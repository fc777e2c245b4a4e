import type { Editor } from '@tiptap/core';
import type { EditorOptions } from '../editor-options.ts';
import type { Frame } from '../frame.ts';
import type { DrawingSlot } from './drawing-slot.ts';

/** What a tool gets of the editor that it is for. Tools are loaded when they are first used, and find this by the editor. */
export interface Toolbox {
  readonly frame: Frame;
  /** In which language and which words tools speak: the options of the editor. */
  readonly speech: Pick<EditorOptions, 'locale' | 'messages'>;
  /** For what is found. */
  readonly matches: DrawingSlot;
  /** For the blocks that are written in. */
  readonly focus: DrawingSlot;
}

const toolboxes = new WeakMap<Editor, Toolbox>();

/** Gives an editor what tools need. */
export function putToolbox(editor: Editor, toolbox: Toolbox): void {
  toolboxes.set(editor, toolbox);
}

/** What `editor` has for tools. @throws TypeError when it was not made by `createEditor` */
export function toolboxOf(editor: Editor): Toolbox {
  const toolbox = toolboxes.get(editor);
  if (toolbox === undefined) throw new TypeError('This editor was not made by createEditor.');
  return toolbox;
}
