import { type Editor, Extension } from '@tiptap/core';
import type { Frame } from '../frame.ts';
import type { EditorLanguage } from '../messages/index.ts';
import { type DrawingSlot, drawingSlot } from './drawing-slot.ts';

/** What a tool gets of the editor that it is for. Tools are loaded when they are first used, and find this by the editor. */
export interface Toolbox {
  readonly frame: Frame;
  /** What the editor says, and in which language. */
  readonly language: Promise<EditorLanguage>;
  /** For what is found. */
  readonly matches: DrawingSlot;
  /** For the block that is written in. */
  readonly focus: DrawingSlot;
}

const toolboxes = new WeakMap<Editor, Toolbox>();

/** What `editor` has for tools. @throws TypeError when it was not made by `createEditor` */
export function toolboxOf(editor: Editor): Toolbox {
  const toolbox = toolboxes.get(editor);
  if (toolbox === undefined) throw new TypeError('This editor was not made by createEditor.');
  return toolbox;
}

/** The places for tools in an editor that is made for `frame`. */
export function toolbox(frame: Frame, language: EditorLanguage | Promise<EditorLanguage>): Extension {
  const slots = { matches: drawingSlot('matches'), focus: drawingSlot('focus') };
  return Extension.create({
    name: 'toolbox',
    onBeforeCreate() {
      toolboxes.set(this.editor, { frame, language: Promise.resolve(language), ...slots });
    },
    addProseMirrorPlugins: () => [slots.matches.plugin, slots.focus.plugin],
  });
}
