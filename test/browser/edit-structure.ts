// Runs in the browser: random changes of the structure of a document, as somebody makes them.
import type { Editor } from '@tiptap/core';
import { type Selection, TextSelection } from '@tiptap/pm/state';
import { tableCommands } from '../../editor/commands/tables.ts';
import { seededRandom } from '../support/random.ts';

/** Makes so many edits, with the time of a frame between some of them. The same seed chooses the same edits. */
export async function editStructure(editor: Editor, seed: number, edits: number): Promise<void> {
  const random = seededRandom(seed);
  for (let i = 0; i < edits; i++) {
    edit(editor, random);
    if (random() < 0.6) await new Promise((resolve) => setTimeout(resolve, random() * 25));
  }
}

function edit(editor: Editor, random: () => number): void {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const places: number[] = [];
  editor.state.doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    places.push(position + 1 + Math.floor(random() * (node.content.size + 1)));
    return false;
  });
  const place = pick(places);
  if (place === undefined) return;
  select(editor, TextSelection.create(editor.state.doc, place));
  const inTable = editor.isActive('table');
  const { commands } = editor;
  const structural: (() => unknown)[] = [
    () => commands.splitBlock(),
    () => commands.splitListItem('listItem') || commands.splitListItem('taskItem'),
    () => commands.joinBackward(),
    () => commands.joinForward(),
    () => commands.toggleHeading({ level: 2 }),
    () => commands.toggleBulletList(),
    () => commands.toggleOrderedList(),
    () => commands.toggleList('taskList', 'taskItem'),
    () => commands.toggleBlockquote(),
    () => commands.toggleCodeBlock(),
    () => commands.sinkListItem('listItem') || commands.sinkListItem('taskItem'),
    () => commands.liftListItem('listItem') || commands.liftListItem('taskItem'),
    () => moveBlock(editor, random),
    () => deleteNear(editor, random),
  ];
  const text = (): unknown => commands.insertContent(`${Math.floor(random() * 1e4).toString(36)} `);
  const table = tableCommands.filter(({ name }) => name !== 'table' || !inTable);
  const kind = random();
  if (kind < 0.3) text();
  else if (kind < (inTable ? 0.8 : 0.36)) pick(table)?.run(editor);
  else if (kind < 0.93) pick(structural)?.();
  else if (kind < 0.97) commands.undo();
  else commands.redo();
}

function select(editor: Editor, selection: Selection): void {
  editor.view.dispatch(editor.state.tr.setSelection(selection));
}

/** As one drags a block: it is taken out here and put in there, in one transaction. */
function moveBlock(editor: Editor, random: () => number): void {
  const { doc, tr } = editor.state;
  if (doc.childCount < 2) return;
  const index = Math.floor(random() * doc.childCount);
  let from = 0;
  for (let i = 0; i < index; i++) from += doc.child(i).nodeSize;
  const block = doc.child(index);
  tr.delete(from, from + block.nodeSize);
  let to = 0;
  for (let i = Math.floor(random() * tr.doc.childCount); i > 0; i--) to += tr.doc.child(i - 1).nodeSize;
  editor.view.dispatch(tr.insert(to, block));
}

function deleteNear(editor: Editor, random: () => number): void {
  const { doc, selection } = editor.state;
  const end = Math.min(doc.content.size, selection.from + Math.floor(random() * 30));
  select(editor, TextSelection.between(doc.resolve(selection.from), doc.resolve(end)));
  editor.commands.deleteSelection();
}
