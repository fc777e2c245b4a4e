import type { Editor } from '@tiptap/core';
import type { Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { openAround } from '../../nodes/details-view.ts';
import { readUndoManager } from '../../undo-manager.ts';
import { type BlockRange, blocksInSight } from '../blocks-in-sight.ts';
import type { DrawingContext } from '../drawing-slot.ts';
import { type KeptPlace, keepPlace, movePlace } from '../kept-place.ts';
import { reveal } from '../reveal.ts';
import { type Toolbox, toolboxOf } from '../toolbox.ts';
import { textRuns } from './block-text.ts';
import { type Location, MatchIndex } from './match-index.ts';
import { matchesIn } from './matches.ts';
import { compileQuery, expandReplacement, type FindQuery } from './query.ts';
import { RegexError, type RegexProblem, RegexWorker } from './regex-worker.ts';
import { type ReplacementFor, replaceMatch, replaceMatches } from './replace.ts';

/** What there is to say about a search. */
export interface SearchState {
  readonly total: number;
  /** Which match is the current one, from 1; 0 when there is none. */
  readonly current: number;
  /** Whether it is still being looked for. */
  readonly pending: boolean;
  readonly problem: 'invalid' | RegexProblem | undefined;
}

const NOWHERE: Location = { total: 0, index: 0, match: undefined };

/**
 * A search in an editor: what is found, which match is the current one, and replacing. Only matches near what is in sight
 * are decorated: a letter that is in the text a hundred thousand times costs no more than a word.
 */
export class Search {
  readonly #editor: Editor;
  readonly #toolbox: Toolbox;
  readonly #onChange: (state: SearchState) => void;
  readonly #worker = new RegexWorker();
  #isRegex = false;
  #regex: RegExp | undefined;
  /** Undefined when nothing is looked for, or what is looked for cannot be. */
  #index: MatchIndex | undefined;
  #problem: SearchState['problem'];
  /** The current match is the first one from here on. */
  #place: KeptPlace;
  #drawn: BlockRange = { first: 0, last: 0 };
  #told: SearchState | undefined;
  /** Settles when the worker has answered. */
  #asked: Promise<void> | undefined;
  #frame: number | undefined;

  constructor(editor: Editor, onChange: (state: SearchState) => void) {
    this.#editor = editor;
    this.#toolbox = toolboxOf(editor);
    this.#onChange = onChange;
    this.#place = keepPlace(editor.state, editor.state.selection.from);
    addEventListener('scroll', this.#schedule, { capture: true, passive: true });
    addEventListener('resize', this.#schedule);
    this.#toolbox.matches.use(editor.view, this.#draw);
  }

  /** Looks for something else, and goes to the first match from the caret on. */
  look(query: FindQuery): void {
    this.#worker.destroy();
    this.#asked = undefined;
    this.#problem = undefined;
    this.#index = undefined;
    this.#isRegex = query.isRegex;
    try {
      this.#regex = compileQuery(query);
      if (query.text !== '') this.#index = new MatchIndex(query, this.#regex);
    } catch {
      this.#problem = 'invalid';
    }
    this.#place = keepPlace(this.#editor.state, this.#editor.state.selection.from);
    this.#show(true);
  }

  /** The current match. */
  get current(): { readonly from: number; readonly to: number } | undefined {
    return this.#locate().match;
  }

  /** Makes the next match the current one, or the one before, around the ends of the document. */
  go(by: 1 | -1): void {
    const { total, index } = this.#locate();
    if (total === 0) return;
    this.#goTo(this.#index?.nth(this.#editor.state.doc, (index + by + total) % total)?.from);
  }

  /** Replaces the current match and goes to the next. */
  replace(template: string): void {
    const { match } = this.#locate();
    if (!match || !this.#editor.isEditable) return;
    const { tr } = this.#editor.state;
    replaceMatch(tr, match, this.#replacementFor(template));
    this.#writeAsOneStep(tr);
    this.#goTo(tr.mapping.map(match.to));
  }

  /** Replaces all, as one step of undo. */
  async replaceAll(template: string): Promise<void> {
    // What others write while the worker looks is looked through, too.
    while (this.#asked !== undefined) await this.#asked;
    if (!this.#index || this.#editor.isDestroyed || !this.#editor.isEditable) return;
    const { doc, tr } = this.#editor.state;
    replaceMatches(tr, [...this.#index.all(doc)], this.#replacementFor(template));
    if (tr.docChanged) this.#writeAsOneStep(tr);
  }

  destroy(): void {
    removeEventListener('scroll', this.#schedule, { capture: true });
    removeEventListener('resize', this.#schedule);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#index = undefined;
    this.#worker.destroy();
    if (!this.#editor.isDestroyed) this.#toolbox.matches.use(this.#editor.view, undefined);
  }

  #replacementFor(template: string): ReplacementFor {
    return ({ text, groups }) => (this.#isRegex ? expandReplacement(template, text, groups) : template);
  }

  /** Else the undo manager would take it for a part of what was typed a moment ago. */
  #writeAsOneStep(tr: Transaction): void {
    const undoManager = readUndoManager(this.#editor.state);
    undoManager?.stopCapturing();
    this.#editor.view.dispatch(tr);
    undoManager?.stopCapturing();
  }

  #locate(doc = this.#editor.state.doc): Location {
    return this.#index?.locate(doc, this.#place.at) ?? NOWHERE;
  }

  #goTo(place: number | undefined): void {
    if (place === undefined) return;
    this.#place = keepPlace(this.#editor.state, place);
    this.#show(true);
  }

  /** Shows what is known, and asks the worker for the rest. */
  #show(revealing: boolean): void {
    const { view, state } = this.#editor;
    const { match } = this.#locate();
    // Around the end, too: it stays this one when somebody writes another one before it.
    if (revealing && match) {
      this.#place = keepPlace(state, match.from);
      openAround(view, state.doc.resolve(match.from));
    }
    this.#drawn = blocksInSight(view, innerHeight);
    this.#toolbox.matches.redraw(view);
    if (revealing) reveal(view.dom.querySelector('.scriptorium-match-current'), this.#toolbox.frame);
    this.#ask(revealing);
    this.#tell();
  }

  #ask(revealing: boolean): void {
    const index = this.#index;
    if (!index || !this.#regex || this.#asked !== undefined) return;
    const blocks = index.missing(this.#editor.state.doc);
    if (blocks.length === 0) return;
    const texts = blocks.flatMap((block) => textRuns(block).map(({ text }) => text));
    const told = this.#worker.find(this.#regex, texts).then(
      (found) => {
        let next = 0;
        for (const block of blocks)
          index.tell(
            block,
            matchesIn(block, () => found[next++] ?? []),
          );
      },
      (error: unknown) => {
        if (index !== this.#index) return;
        this.#index = undefined;
        this.#problem = error instanceof RegexError ? error.problem : 'tooMuch';
      },
    );
    const asked = told.then(() => {
      if (asked !== this.#asked) return;
      this.#asked = undefined;
      if (!this.#editor.isDestroyed) this.#show(revealing);
    });
    this.#asked = asked;
  }

  readonly #draw = ({ transaction, state: { doc }, drawn, isAsked }: DrawingContext): DecorationSet => {
    const { docChanged } = transaction;
    if (!docChanged && !isAsked) return drawn;
    if (docChanged) {
      this.#place = movePlace(this.#place, transaction, this.#editor.state);
      this.#schedule();
    }
    const current = this.#locate(doc).match;
    const decorations: Decoration[] = [];
    let at = 0;
    for (const [index, block] of doc.children.entries()) {
      const isShown = (index >= this.#drawn.first && index <= this.#drawn.last) || at === current?.block;
      for (const match of (isShown && this.#index?.of(block)) || []) {
        const from = at + match.from;
        const name = `scriptorium-match${from === current?.from ? ' scriptorium-match-current' : ''}`;
        decorations.push(Decoration.inline(from, at + match.to, { class: name }));
      }
      at += block.nodeSize;
    }
    return DecorationSet.create(doc, decorations);
  };

  /** Looks at most once a frame what is in sight now, how many there are, and whether the worker has to be asked. */
  readonly #schedule = (): void => {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      if (this.#editor.isDestroyed) return;
      const { view, state } = this.#editor;
      this.#place = keepPlace(state, this.#place.at);
      const seen = blocksInSight(view, 0);
      if (seen.first < this.#drawn.first || seen.last > this.#drawn.last) this.#show(false);
      this.#ask(false);
      this.#tell();
    });
  };

  #tell(): void {
    const { total, index, match } = this.#locate();
    const state: SearchState = {
      total,
      current: match ? index + 1 : 0,
      pending: this.#asked !== undefined,
      problem: this.#problem,
    };
    if (JSON.stringify(state) === JSON.stringify(this.#told)) return;
    this.#told = state;
    this.#onChange(state);
  }
}
