// Runs in the browser: one person writes in blocks, another moves them.
import type { Editor } from '@tiptap/core';
import type { NodeRange } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import { canMove, moveBlocks, moveBlocksTo, selectedBlocks } from '../../editor/commands/block-range.ts';
import { placesOfOthers } from '../../editor/together/carets.ts';
import { seededRandom } from '../support/random.ts';

/** Where the text of the block with `name` begins, and where it ends. */
function find(editor: Editor, name: string): { from: number; to: number } | undefined {
  let found: { from: number; to: number } | undefined;
  editor.state.doc.descendants((node, position) => {
    if (node.isTextblock && node.textContent.includes(name)) {
      found = { from: position + 1, to: position + 1 + node.content.size };
    }
    return found === undefined && !node.isTextblock;
  });
  return found;
}

/** Puts the caret at the end of a block. */
export function goTo(editor: Editor, name: string): void {
  const place = find(editor, name);
  if (place) editor.view.dispatch(editor.state.tr.setSelection(TextSelection.create(editor.state.doc, place.to)));
}

/** Writes so many letters where the caret is, as somebody who types; without `letter` the one that the block begins with. */
export async function type(editor: Editor, letters: number, letter?: string): Promise<void> {
  for (let i = 0; i < letters; i++) {
    const { tr, selection } = editor.state;
    editor.view.dispatch(tr.insertText(letter ?? (selection.$from.parent.textContent.at(0) ?? '').toUpperCase()));
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}

/** How blocks are moved: with no idea where the others are, or with one. */
export interface Mover {
  readonly isBlind?: boolean;
}

/** Moves blocks with those names at random, so many times. */
export async function moveAround(
  editor: Editor,
  seed: number,
  names: readonly string[],
  moves: number,
  mover: Mover = {},
): Promise<void> {
  const random = seededRandom(seed);
  const pick = (): string => names[Math.floor(random() * names.length)] ?? '';
  for (let i = 0; i < moves; i++) {
    const [name, other] = [pick(), pick()];
    goTo(editor, name);
    const range = selectedBlocks(editor.state);
    if (range) move(editor, range, find(editor, other)?.from, random(), mover);
    await new Promise((resolve) => setTimeout(resolve, random() * 20));
  }
}

/** Moves the block that the caret is in past the next one. */
export function moveOnce({ state, view }: Editor, by: 'up' | 'down'): void {
  const range = selectedBlocks(state);
  if (range) view.dispatch(moveBlocks(state.tr, range, by, placesOfOthers(state)));
}

function move(
  { state, view }: Editor,
  range: NodeRange,
  to: number | undefined,
  chance: number,
  { isBlind }: Mover,
): void {
  const by = chance < 0.3 ? 'up' : 'down';
  const people = isBlind ? [] : placesOfOthers(state);
  if (chance < 0.6) {
    if (canMove(range, by)) view.dispatch(moveBlocks(state.tr, range, by, people));
  } else if (to !== undefined) {
    const $to = state.doc.resolve(to);
    view.dispatch(moveBlocksTo(state.tr, range, chance < 0.8 ? $to.before() : $to.after(), people));
  }
}
