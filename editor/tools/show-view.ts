import type { Editor } from '@tiptap/core';
import { drawFocus } from './focus-mode.ts';
import type { Shown } from './outline.ts';
import { PANELS, type Panel } from './panels.ts';
import { rememberView } from './remember-view.ts';
import { toolLanguageOf } from './tool-language.ts';
import { toolboxOf } from './toolbox.ts';
import type { ViewMode } from './view-modes.ts';

const shown = new WeakMap<Editor, Map<ViewMode, Shown>>();

/** Shows what belongs to the modes that are on, and nothing else, and remembers them. `name` is that of the document. */
export async function showView(editor: Editor, modes: ReadonlySet<ViewMode>, name: string | undefined): Promise<void> {
  rememberView(modes, name);
  const toolbox = toolboxOf(editor);
  const { messages } = await toolLanguageOf(editor);
  if (editor.isDestroyed) return;
  toolbox.focus.use(editor.view, modes.has('focus') ? drawFocus : undefined);
  const panels = shown.get(editor) ?? new Map<ViewMode, Shown>();
  shown.set(editor, panels);
  for (const [mode, create] of Object.entries(PANELS) as [ViewMode, Panel][]) {
    const panel = panels.get(mode);
    if (modes.has(mode) && !panel) panels.set(mode, create(editor, toolbox, messages));
    if (modes.has(mode) || !panel) continue;
    panel.destroy();
    panels.delete(mode);
  }
}
