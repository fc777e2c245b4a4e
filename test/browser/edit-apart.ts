// Runs in the browser: two people in one page who get what the other did when the test says so.
import type { Editor } from '@tiptap/core';
import { NodeSelection } from '@tiptap/pm/state';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { moveBlocksTo, selectedBlocks } from '../../editor/commands/block-range.ts';
import { createEditor, type EditorHandle, type EditorProvider } from '../../editor/index.ts';
import { placesOfOthers } from '../../editor/together/carets.ts';
import { readUndoManager } from '../../editor/undo-manager.ts';

/** A person who writes apart from the other. */
export interface Apart {
  readonly handle: EditorHandle<EditorProvider>;
  readonly editor: Editor;
  readonly awareness: Awareness;
  readonly doc: Y.Doc;
}

/** Two people with the same document, who know where the other is. */
export async function openApart(html: string): Promise<{ ada: Apart; ben: Apart }> {
  document.body.replaceChildren();
  const [ada, ben] = [create('Ada'), create('Ben')];
  ada.editor.commands.setContent(html);
  await exchange(ada, ben);
  // What comes now is a step of its own.
  readUndoManager(ada.editor.state)?.stopCapturing();
  return { ada, ben };
}

function create(name: string): Apart {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  const element = document.createElement('div');
  document.body.append(element);
  const handle = createEditor(element, {
    provider: { doc, awareness, synced: true, on() {}, off() {} },
    user: { name, color: '#15854a' },
  });
  return { handle, editor: handle.editor, awareness, doc };
}

/** Each gets what the other did, as often as there is something. */
export async function exchange(one: Apart, other: Apart): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const news = [one, other].map((from, i) => {
      const to = i === 0 ? other : one;
      return [from, to, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc))] as const;
    });
    for (const [from, to, update] of news) {
      Y.applyUpdate(to.doc, update, 'other');
      const clients = [from.awareness.clientID];
      applyAwarenessUpdate(to.awareness, encodeAwarenessUpdate(from.awareness, clients), 'other');
    }
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** Where the text begins that a block begins with. */
export function startOf(editor: Editor, text: string): number {
  let start = -1;
  editor.state.doc.descendants((node, position) => {
    if (start < 0 && node.isTextblock && node.textContent.startsWith(text)) start = position + 1;
    return start < 0;
  });
  return start;
}

/** Puts the caret behind a text that a block begins with, and types. */
export function typeBehind({ editor }: Apart, text: string, typed: string): void {
  editor.view.focus();
  editor.commands.setTextSelection(startOf(editor, text) + text.length);
  editor.view.dispatch(editor.state.tr.insertText(typed));
}

/**
 * Moves the block that begins with `text`, as it is dragged by its handle, in front of the one that begins with `to`; also
 * without a look at where the other is.
 */
export function moveTo({ editor }: Apart, text: string, to: string, isBlind = false): void {
  editor.commands.setTextSelection(startOf(editor, text));
  const range = selectedBlocks(editor.state);
  if (!range) throw new Error('nothing is selected');
  const at = startOf(editor, to) - 1;
  editor.view.dispatch(moveBlocksTo(editor.state.tr, range, at, isBlind ? [] : placesOfOthers(editor.state)));
}

/** Drags a block as the browser does that is selected as a whole, and drops it in front of another one. */
export function dragTo({ editor: { view, state } }: Apart, selected: number, to: number): void {
  view.focus();
  view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, selected)));
  const dataTransfer = new DataTransfer();
  const send = (type: string, position: number): void => {
    const dom = view.nodeDOM(position) as HTMLElement;
    const { left, top } = dom.getBoundingClientRect();
    const options = { bubbles: true, cancelable: true, dataTransfer, clientX: left + 1, clientY: top + 1 };
    dom.dispatchEvent(new DragEvent(type, options));
  };
  send('dragstart', selected);
  send('drop', to);
}

/** The texts of all blocks with text, each with the name of its node and of what is around it. */
export function blocksOf({ editor }: Apart): string[] {
  const blocks: string[] = [];
  editor.state.doc.check();
  editor.state.doc.descendants((node, _, parent) => {
    if (node.isTextblock) blocks.push(`${parent?.type.name}/${node.type.name} ${node.textContent}`);
    return !node.isTextblock;
  });
  return blocks;
}

/** The text of the block where a person is, with `|` where. */
export function caretOf({ editor }: Apart): string {
  const { $head } = editor.state.selection;
  const { textContent } = $head.parent;
  return `${textContent.slice(0, $head.parentOffset)}|${textContent.slice($head.parentOffset)}`;
}

/** The same of where one sees the other. */
export function otherCaretOf({ editor }: Apart): string {
  const $head = editor.state.doc.resolve(placesOfOthers(editor.state)[0] ?? 0);
  const { textContent } = $head.parent;
  return `${textContent.slice(0, $head.parentOffset)}|${textContent.slice($head.parentOffset)}`;
}
