import type { Node } from '@tiptap/pm/model';

/** A run of text that is searched as one, whatever marks it has. */
export interface TextRun {
  /** Where it begins, from the place before its block in the document. */
  readonly start: number;
  /** A character for each place in it: what is not text is U+FFFC, a line break `\n`. */
  readonly text: string;
}

/** The runs of text in a block at the top of the document. */
export function textRuns(block: Node): TextRun[] {
  if (block.isTextblock) return [{ start: 1, text: textOf(block) }];
  const runs: TextRun[] = [];
  block.descendants((node, offset) => {
    if (!node.isTextblock) return true;
    runs.push({ start: offset + 2, text: textOf(node) });
    return false;
  });
  return runs;
}

function textOf(node: Node): string {
  let text = '';
  node.forEach((child) => {
    if (child.isText) text += child.text;
    else if (child.type.name === 'hardBreak') text += '\n';
    else text += '\ufffc'.repeat(child.nodeSize);
  });
  return text;
}
