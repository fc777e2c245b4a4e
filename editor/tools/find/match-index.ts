import type { Node } from '@tiptap/pm/model';
import { findInText, type Match, matchesIn } from './matches.ts';
import type { FindQuery } from './query.ts';

/** A match at its place in the document. */
export interface PlacedMatch extends Match {
  /** The place before its block. */
  readonly block: number;
}

/** Where a match is among all. */
export interface Location {
  readonly total: number;
  /** Which one `match` is, from 0. */
  readonly index: number;
  readonly match: PlacedMatch | undefined;
}

/**
 * What one query finds in documents. It is kept for each block at the top for as long as that is the same, so that after
 * a keystroke one block is searched, and the rest is a pass over a list. A regular expression of a user is not run here:
 * whoever runs it tells what was found.
 */
export class MatchIndex {
  readonly #query: FindQuery;
  readonly #regex: RegExp;
  readonly #known = new WeakMap<Node, readonly Match[]>();

  constructor(query: FindQuery, regex: RegExp) {
    this.#query = query;
    this.#regex = regex;
  }

  /** What is in a block, from the place before it; undefined as long as nobody told. */
  of(block: Node): readonly Match[] | undefined {
    const known = this.#known.get(block);
    if (known || this.#query.isRegex) return known;
    const found = matchesIn(block, (text) => findInText(this.#regex, text));
    this.#known.set(block, found);
    return found;
  }

  /** Tells what is in a block. */
  tell(block: Node, matches: readonly Match[]): void {
    this.#known.set(block, matches);
  }

  /** The blocks that nobody told of. */
  missing(doc: Node): Node[] {
    return doc.children.filter((block) => this.of(block) === undefined);
  }

  /** All matches, in order. */
  *all(doc: Node): Generator<PlacedMatch> {
    let at = 0;
    for (const block of doc.children) {
      for (const match of this.of(block) ?? []) yield placed(match, at);
      at += block.nodeSize;
    }
  }

  /** The match with this number, from 0. */
  nth(doc: Node, index: number): PlacedMatch | undefined {
    let seen = 0;
    for (const match of this.all(doc)) if (seen++ === index) return match;
    return undefined;
  }

  /** The first match that begins at `place` or behind it; where there is none, the first of all. */
  locate(doc: Node, place: number): Location {
    let total = 0;
    let at = 0;
    let first: PlacedMatch | undefined;
    let found: { readonly index: number; readonly match: PlacedMatch } | undefined;
    for (const block of doc.children) {
      const matches = this.of(block) ?? [];
      if (!first && matches[0]) first = placed(matches[0], at);
      if (!found) {
        const next = matches.findIndex(({ from }) => at + from >= place);
        const match = matches[next];
        if (match) found = { index: total + next, match: placed(match, at) };
      }
      total += matches.length;
      at += block.nodeSize;
    }
    return { total, ...(found ?? { index: 0, match: first }) };
  }
}

function placed(match: Match, block: number): PlacedMatch {
  return { ...match, block, from: block + match.from, to: block + match.to };
}
