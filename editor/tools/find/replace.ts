import { Fragment, type Node, Slice } from '@tiptap/pm/model';
import { TextSelection, type Transaction } from '@tiptap/pm/state';
import { ReplaceStep, StepMap } from '@tiptap/pm/transform';
import { writeYourself } from '../../collaboration.ts';
import type { PlacedMatch } from './match-index.ts';
import { type Replacement, writeReplacements } from './write-replacements.ts';

/** The text for a match. */
export type ReplacementFor = (match: PlacedMatch) => string;

/** Replaces one match. What is new has the marks of the beginning of what it replaces. */
export function replaceMatch(tr: Transaction, match: PlacedMatch, replacementFor: ReplacementFor): void {
  const text = replacementFor(match);
  // There is no empty text node.
  if (text === '') tr.delete(match.from, match.to);
  else tr.replaceWith(match.from, match.to, tr.doc.type.schema.text(text, tr.doc.nodeAt(match.from)?.marks));
}

/**
 * Replaces all matches, which are in order, in one step: what comes after a transaction often takes as long as its steps
 * are many, squared. The binding to Yjs still writes only the words that changed.
 */
export function replaceMatches(tr: Transaction, matches: readonly PlacedMatch[], replacementFor: ReplacementFor): void {
  const { doc, selection } = tr;
  const ranges: number[] = [];
  const ofBlock = new Map<number, (PlacedMatch & Replacement)[]>();
  const all = matches.map((match) => ({ ...match, replacement: replacementFor(match) }));
  for (const match of all) {
    const ofSame = ofBlock.get(match.block);
    if (ofSame) ofSame.push(match);
    else ofBlock.set(match.block, [match]);
    ranges.push(match.from, match.to - match.from, match.replacement.length);
  }
  const [from, last] = [matches[0]?.block, matches.at(-1)?.block];
  if (from === undefined || last === undefined) return;
  const blocks: Node[] = [];
  let to = from;
  doc.forEach((block, at) => {
    if (at < from || at > last) return;
    to = at + block.nodeSize;
    blocks.push(replaceInBlock(block, ofBlock.get(at) ?? []));
  });
  tr.step(new ReplaceStep(from, to, new Slice(Fragment.from(blocks), 0, 0)));
  // For the step all between its ends is new; the caret is to stay at its word.
  const map = new StepMap(ranges);
  const [anchor, head] = [map.map(selection.anchor), map.map(selection.head)];
  tr.setSelection(TextSelection.between(tr.doc.resolve(anchor), tr.doc.resolve(head)));
  // What was a link or none stays so.
  tr.setMeta('preventAutolink', true);
  writeYourself(tr, (binding) => writeReplacements(binding, doc, all));
}

function replaceInBlock(block: Node, matches: readonly (PlacedMatch & Replacement)[]): Node {
  let next = block;
  // From the end: what comes before stays where it is.
  for (const match of [...matches].reverse()) {
    const text = match.replacement;
    // Within the block, and not from the place before it.
    const [from, to] = [match.from - match.block - 1, match.to - match.block - 1];
    const node = text === '' ? null : block.type.schema.text(text, block.nodeAt(from)?.marks);
    next = next.replace(from, to, new Slice(Fragment.from(node), 0, 0));
  }
  return next;
}
