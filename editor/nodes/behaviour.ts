import type { Editor } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { emojiSuggestion } from '../suggest/emoji.ts';
import { mentionSuggestion } from '../suggest/mentions.ts';
import { suggestionPlugin } from '../suggest/suggestion.ts';
import type { NodesContext } from './attach.ts';
import { automaticLinks } from './automatic-links.ts';
import { below } from './below.ts';
import { codeKeys } from './code-keys.ts';
import { detailsKeys } from './details-keys.ts';
import { formulaKeys } from './formula-keys.ts';
import { highlighting } from './highlighting.ts';
import { inputRules } from './input-rules.ts';
import { nodeViews } from './node-views.ts';
import { cellKeys, columnResizer, tableEditor } from './table-plugins.ts';

/** How long after a composition the browser may still be writing its result, in milliseconds. */
const AFTER_COMPOSITION_MS = 50;

/** Adds the plugins of all nodes to a running editor, as soon as nobody composes a character in it. */
export function addBehaviour(context: NodesContext, isWanted: () => boolean): void {
  const { editor } = context;
  if (editor.isDestroyed || !isWanted()) return;
  if (editor.view.composing) {
    const again = (): unknown => setTimeout(() => addBehaviour(context, isWanted), AFTER_COMPOSITION_MS);
    editor.view.dom.addEventListener('compositionend', again, { once: true });
    return;
  }
  const views = nodeViews(context);
  const drawAgain = new Plugin({ key: new PluginKey('nodeViews'), props: { nodeViews: views } });
  const first = [
    suggestionPlugin(editor, mentionSuggestion(context)),
    suggestionPlugin(editor, emojiSuggestion(context)),
    ...(context.views.fill(views, editor.state.doc) ? [] : [drawAgain]),
    highlighting(),
    detailsKeys(editor),
    codeKeys(editor),
    below(editor),
    formulaKeys(editor),
    columnResizer(),
    tableEditor(),
  ];
  // Behind those of lists: in a cell, the tab key indents an item as long as it can.
  register(editor, first, [cellKeys(editor), inputRules(editor), ...automaticLinks(editor)]);
}

/** All at once: with each registration ProseMirror makes the views of all plugins anew, also that of the binding to Yjs. */
function register(editor: Editor, first: readonly Plugin[], last: readonly Plugin[]): void {
  const [any] = first;
  if (any) editor.registerPlugin(any, (_, plugins) => [...first, ...plugins, ...last]);
}
