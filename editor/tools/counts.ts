import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import type { MenuMessages } from '../messages/menus.ts';
import { NO_COUNTS, nodeCounter, plus, type TextCounts } from './count-text.ts';
import type { Shown } from './outline.ts';
import { perBlock } from './per-block.ts';
import { toolLanguageOf } from './tool-language.ts';

/** For how long at a time blocks are counted that were not before, in milliseconds. */
const SLICE_MS = 8;

/** The counts of a document, and of what is selected in it. */
export interface DocumentCounts {
  readonly document: TextCounts;
  /** Undefined when nothing is selected. */
  readonly selection: TextCounts | undefined;
}

/** Counts an editor's document now, all of it. */
export function readCounts(editor: Editor, locale = 'en'): DocumentCounts {
  const counter = createCounter(locale);
  const { doc, selection } = editor.state;
  return {
    document: counter.document(doc, () => false) ?? NO_COUNTS,
    selection: selection.empty ? undefined : counter.between(doc, selection.from, selection.to),
  };
}

/**
 * Shows in `element` how many words and characters an editor's document has, or those of what is selected. Only blocks
 * that changed are counted again, at most once a frame; those of a long document at first in small slices.
 */
export function createCounts(element: HTMLElement, editor: Editor): Shown {
  const root = document.createElement('span');
  root.className = 'scriptorium-counts';
  element.append(root);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame: number | undefined;
  let count: ReturnType<typeof createCounter> | undefined;
  let messages: MenuMessages['counts'] | undefined;

  const update = (): void => {
    frame = undefined;
    if (!count || !messages || editor.isDestroyed) return;
    const until = performance.now() + SLICE_MS;
    const { doc, selection } = editor.state;
    const all = count.document(doc, () => performance.now() > until);
    if (all === undefined) {
      clearTimeout(timer);
      timer = setTimeout(update);
      return;
    }
    const { words, characters } = selection.empty ? all : count.between(doc, selection.from, selection.to);
    const text = selection.empty
      ? `${messages.words({ count: words })} · ${messages.characters({ count: characters })}`
      : messages.selected({
          words: messages.words({ count: words }),
          characters: messages.characters({ count: characters }),
        });
    if (root.textContent !== text) root.textContent = text;
  };
  const schedule = (): void => {
    frame ??= requestAnimationFrame(update);
  };
  const destroy = (): void => {
    editor.off('transaction', schedule);
    editor.off('destroy', destroy);
    clearTimeout(timer);
    if (frame !== undefined) cancelAnimationFrame(frame);
    root.remove();
  };
  editor.on('transaction', schedule);
  editor.on('destroy', destroy);
  void toolLanguageOf(editor).then((language) => {
    count = createCounter(language.locale);
    messages = language.messages.counts;
    root.lang = language.locale;
    schedule();
  });
  return { destroy };
}

function createCounter(locale: string) {
  const count = nodeCounter(locale);
  const known = new WeakSet<Node>();
  const ofBlock = perBlock((block) => {
    known.add(block);
    return count(block);
  });

  return {
    /** Undefined when it is not counted to its end, because `isOver` said that it is enough for now. */
    document(doc: Node, isOver: () => boolean): TextCounts | undefined {
      let sum = NO_COUNTS;
      for (const block of doc.children) {
        if (!known.has(block) && isOver()) return undefined;
        sum = plus(sum, ofBlock(block));
      }
      return sum;
    },
    /** Blocks that are only in part between the two places are counted anew. */
    between(doc: Node, from: number, to: number): TextCounts {
      let sum = NO_COUNTS;
      doc.forEach((block, start) => {
        const end = start + block.nodeSize;
        if (end <= from || start >= to) return;
        const isWhole = start >= from && end <= to;
        const part = isWhole ? block : doc.cut(Math.max(start, from), Math.min(end, to)).firstChild;
        if (part) sum = plus(sum, isWhole ? ofBlock(part) : count(part));
      });
      return sum;
    },
  };
}
