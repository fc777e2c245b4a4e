import type { Node } from '@tiptap/pm/model';
import { textRuns } from './block-text.ts';

/** A place where something was found. */
export interface Match {
  /** From the place before its block in the document. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** What the groups of the expression found. */
  readonly groups: readonly (string | undefined)[];
}

/** A match within one run of text, as the worker tells it too. */
export interface Found {
  readonly at: number;
  readonly text: string;
  readonly groups: readonly (string | undefined)[];
}

/** All that `regex` finds in a text. Nothing is not found: there would be no way to show it. */
export function findInText(regex: RegExp, text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(regex)) {
    if (match[0] !== '') found.push({ at: match.index, text: match[0], groups: match.slice(1) });
  }
  return found;
}

/** All matches in a block. `find` is asked for each of its runs, in order. */
export function matchesIn(block: Node, find: (text: string) => readonly Found[]): Match[] {
  return textRuns(block).flatMap(({ start, text }) =>
    find(text).map(({ at, text: found, groups }) => ({
      from: start + at,
      to: start + at + found.length,
      text: found,
      groups,
    })),
  );
}
