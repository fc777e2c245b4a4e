import { type Editor, Extension } from '@tiptap/core';
import type { EditorOptions } from '../editor-options.ts';
import type { Frame } from '../frame.ts';
import { drawingSlot } from './drawing-slot.ts';
import { textDirection } from './text-direction.ts';
import { putToolbox } from './toolbox.ts';
import { viewModes, viewModesIn } from './view-modes.ts';

/** What the tools of an editor need of it. */
export interface ToolsContext {
  readonly frame: Frame;
  readonly options: EditorOptions;
  /** Of the document, to remember whether it is only read on this device; undefined: that is not remembered. */
  readonly name: string | undefined;
  /** The person looks at the document in another way. */
  onSwitched(): void;
}

/** The places for the tools of an editor. They are loaded when they are first used. */
export function tools({ frame, options, name, onSwitched }: ToolsContext): Extension {
  const toolbox = {
    frame,
    speech: options,
    matches: drawingSlot('matches'),
    focus: drawingSlot('focus'),
  };
  const show = (editor: Editor): void => {
    const modes = viewModesIn(editor.state);
    frame.root.dataset['view'] = [...modes].join(' ');
    import('./show-view.ts')
      .then(({ showView }) => showView(editor, modes, name))
      // One can write without, as after an update of the server that this page was loaded before.
      .catch((error: unknown) => console.warn('A tool of the editor could not be loaded.', error));
  };
  return Extension.create({
    name: 'tools',
    onBeforeCreate() {
      putToolbox(this.editor, toolbox);
    },
    addProseMirrorPlugins() {
      const onChange = (): void => {
        show(this.editor);
        onSwitched();
      };
      return [toolbox.matches.plugin, toolbox.focus.plugin, viewModes(name, onChange), textDirection(frame.root)];
    },
    onCreate() {
      if (viewModesIn(this.editor.state).size > 0) show(this.editor);
    },
  });
}
