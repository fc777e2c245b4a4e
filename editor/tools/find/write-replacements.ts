import type { Node } from '@tiptap/pm/model';
import type { ProsemirrorBinding } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { type SplitPoints, splitStructs } from '../../split-structs.ts';

/** What takes the place of a part of the text. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  /** What is there. */
  readonly text: string;
  readonly replacement: string;
}

/** What changes in a run of text, from its beginning. */
interface Change {
  readonly at: number;
  readonly deleted: number;
  readonly inserted: string;
  readonly attributes: object;
}

/**
 * Writes replacements into the shared document, each by itself. The binding compares texts and knows one change for each:
 * it would write all between the first and the last word of a paragraph anew, and with it undo what others write there in
 * that moment. What cannot be written here, because it is more than text, is left to the binding.
 * @param binding what it knows of the parts that change, it forgets
 * @param doc what is in the editor before the replacements
 * @param replacements in order
 */
export function writeReplacements(
  { type, mapping }: Pick<ProsemirrorBinding, 'type' | 'mapping'>,
  doc: Node,
  replacements: readonly Replacement[],
): void {
  const changes: [Y.XmlText, readonly Change[]][] = [];
  let next = 0;
  const upTo = (place: number): readonly Replacement[] => {
    const first = next;
    while ((replacements[next]?.from ?? Number.POSITIVE_INFINITY) < place) next++;
    return replacements.slice(first, next);
  };
  const visit = (parent: Y.XmlFragment, node: Node, start: number): void => {
    let at = start;
    let index = 0;
    for (const child of parent.toArray()) {
      upTo(at);
      if (child instanceof Y.XmlText) {
        const within = upTo(at + child.length);
        if (within.length > 0) changes.push([child, changesIn(child, at, within)]);
        at += child.length;
        while (node.maybeChild(index)?.isText) index++;
      } else {
        const inner = node.maybeChild(index++);
        if (inner && child instanceof Y.XmlElement) visit(child, inner, at + 1);
        at += inner?.nodeSize ?? 0;
      }
    }
  };
  visit(type, doc, 0);
  type.doc?.transact((transaction) => {
    splitStructs(transaction, splitPoints(changes));
    for (const [text, ofText] of changes) {
      text.applyDelta(deltaOf(ofText));
      for (let changed: Y.XmlText['parent'] = text; changed; changed = changed.parent) mapping.delete(changed);
    }
  });
}

function changesIn(text: Y.XmlText, start: number, replacements: readonly Replacement[]): Change[] {
  const runs: { readonly end: number; readonly attributes: object }[] = [];
  let string = '';
  for (const { insert, attributes = {} } of text.toDelta() as { insert: unknown; attributes?: object }[]) {
    if (typeof insert !== 'string') return [];
    string += insert;
    runs.push({ end: string.length, attributes });
  }
  const changes: Change[] = [];
  let run = 0;
  for (const { from, to, text: old, replacement } of replacements) {
    if (string.slice(from - start, to - start) !== old) continue;
    while (run < runs.length - 1 && (runs[run]?.end ?? 0) <= from - start) run++;
    const { before, behind } = common(old, replacement);
    const inserted = replacement.slice(before, replacement.length - behind);
    const deleted = old.length - before - behind;
    if (deleted === 0 && inserted === '') continue;
    changes.push({ at: from - start + before, deleted, inserted, attributes: runs[run]?.attributes ?? {} });
  }
  return changes;
}

/** How much of both is the same at the beginning and at the end. */
function common(old: string, replacement: string): { readonly before: number; readonly behind: number } {
  const length = Math.min(old.length, replacement.length);
  let before = 0;
  while (before < length && old[before] === replacement[before]) before++;
  // Half a character is none.
  if (/[\ud800-\udbff]/.test(old[before - 1] ?? '')) before--;
  let behind = 0;
  while (behind < length - before && old.at(-1 - behind) === replacement.at(-1 - behind)) behind++;
  if (behind > 0 && /[\udc00-\udfff]/.test(old.at(-behind) ?? '')) behind--;
  return { before, behind };
}

function deltaOf(changes: readonly Change[]): object[] {
  const delta: object[] = [];
  let at = 0;
  for (const { at: place, deleted, inserted, attributes } of changes) {
    if (place > at) delta.push({ retain: place - at });
    // Behind what it replaces: what others write before that stays before it.
    if (deleted > 0) delta.push({ delete: deleted });
    if (inserted !== '') delta.push({ insert: inserted, attributes });
    at = place + deleted;
  }
  return delta;
}

/** Where the changes begin and end. */
function splitPoints(changes: readonly (readonly [Y.XmlText, readonly Change[]])[]): SplitPoints {
  const points: SplitPoints = new Map();
  for (const [text, ofText] of changes) {
    const edges = ofText.flatMap(({ at, deleted }) => [at, at + deleted]);
    let at = 0;
    let edge = 0;
    for (let item = text._start; item; item = item.right) {
      if (item.deleted || !item.countable) continue;
      for (; (edges[edge] ?? Number.POSITIVE_INFINITY) < at + item.length; edge++) {
        const { client, clock } = item.id;
        const ofClient = points.get(client);
        const point = clock + (edges[edge] ?? 0) - at;
        if (ofClient) ofClient.push(point);
        else points.set(client, [point]);
      }
      at += item.length;
    }
  }
  return points;
}
