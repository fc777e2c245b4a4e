import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, Selection, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import { changedRange, type Range } from '../block-decorations.ts';
import { readUser, shownColor } from '../user.ts';
import { caretOf, createCaret, paintCaret } from './caret-element.ts';
import type { Labels } from './caret-labels.ts';
import { carryOver } from './carry-over.ts';
import { type Caret, readCursor, tellCursor } from './cursor.ts';
import { Movements } from './movements.ts';

interface ReadCaret extends Caret {
  /** What it was read from; undefined when it is only where it was. */
  readonly cursor: unknown;
}

interface Shown {
  readonly carets: ReadonlyMap<number, ReadCaret>;
  readonly decorations: DecorationSet;
}

const key = new PluginKey<Shown>('carets');

/** Where the others are, by their client ids. */
export function caretsIn(state: EditorState): ReadonlyMap<number, Caret> {
  return key.getState(state)?.carets ?? new Map();
}

/** Where the others write. */
export function placesOfOthers(state: EditorState): number[] {
  return [...caretsIn(state).values()].map(({ head }) => head);
}

/**
 * Carets and selections of the others, and mine for them.
 *
 * y-tiptap's own plugin takes all carets away while the person moves a block, draws those whose text has not arrived
 * nowhere, and has everybody tell their position anew with every keystroke of anybody.
 */
export function carets(awareness: Awareness): Extension {
  const me = { isIn: false };
  return Extension.create({
    name: 'carets',
    // After y-tiptap's binding (1000), whose positions it uses, and above all others: a caret goes outermost.
    priority: 999,
    addProseMirrorPlugins() {
      const movements = new Movements();
      const draw = (state: EditorState, carets: ReadonlyMap<number, ReadCaret>): Shown => ({
        carets,
        decorations: DecorationSet.create(state.doc, decorate(state.doc, carets, awareness, movements)),
      });
      return [
        new Plugin<Shown>({
          key,
          state: {
            init: (_, state) => draw(state, new Map()),
            apply(transaction, before, _, state) {
              if (transaction.getMeta(key) || isRemote(transaction)) {
                return draw(state, readAll(state, awareness, before.carets, transaction));
              }
              if (!transaction.docChanged) return before;
              const carets = new Map<number, ReadCaret>();
              const changed = changedRange(transaction);
              for (const [client, caret] of before.carets) {
                const moved = mapCaret(caret, transaction);
                // Where I write at it, Yjs knows better on which side it is, and says so when it has what I wrote.
                carets.set(client, isNear(state.doc, moved, changed) ? { ...moved, cursor: undefined } : moved);
              }
              return draw(state, carets);
            },
          },
          props: { decorations: (state) => key.getState(state)?.decorations },
          view: (view) => follow(view, awareness, movements, me),
        }),
      ];
    },
    onDestroy() {
      if (me.isIn) awareness.setLocalStateField('cursor', null);
    },
  });
}

function isRemote(transaction: Transaction): boolean {
  return (transaction.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin === true;
}

/** A caret whose text is on its way stays where it was, and one whose block was written anew is in the new one. */
function readAll(
  state: EditorState,
  awareness: Awareness,
  before: ReadonlyMap<number, ReadCaret>,
  transaction: Transaction,
): ReadonlyMap<number, ReadCaret> {
  const changed = transaction.docChanged ? changedRange(transaction) : undefined;
  const keep = (position: number): number => carryOver(transaction.before, state.doc, position);
  const carets = new Map<number, ReadCaret>();
  for (const [client, { cursor }] of awareness.getStates()) {
    if (client === awareness.clientID || !cursor) continue;
    const last = before.get(client);
    // What is said as before, of a text in which nothing changed, is not looked up again: Yjs walks to each place.
    const moved = last && last.cursor === cursor ? mapCaret(last, transaction) : undefined;
    if (moved && !isNear(state.doc, moved, changed)) {
      carets.set(client, moved);
      continue;
    }
    const read = readCursor(state, cursor);
    if (read) carets.set(client, { ...read, cursor });
    else if (last) carets.set(client, { anchor: keep(last.anchor), head: keep(last.head), cursor: undefined });
  }
  return carets;
}

function mapCaret({ anchor, head, cursor }: ReadCaret, { mapping }: Transaction): ReadCaret {
  return { anchor: mapping.map(anchor), head: mapping.map(head), cursor };
}

/** Whether one of its ends is in a block that a change reaches into. */
function isNear(doc: Node, { anchor, head }: Caret, changed: Range | undefined): boolean {
  if (!changed) return false;
  return [anchor, head].some((position) => {
    const $position = doc.resolve(position);
    return $position.end() >= changed.from && $position.start() <= changed.to;
  });
}

function decorate(
  doc: Node,
  carets: ReadonlyMap<number, Caret>,
  awareness: Awareness,
  movements: Movements,
): Decoration[] {
  const decorations: Decoration[] = [];
  const ranks = new Map<number, number>();
  for (const [client, { anchor, head }] of carets) {
    const user = awareness.getStates().get(client)?.['user'];
    const place = placeFor(doc, head);
    // Those at one place stand beside each other.
    const rank = ranks.get(place) ?? 0;
    ranks.set(place, rank + 1);
    const build = (): HTMLElement => {
      const caret = createCaret(client);
      paintCaret(caret, user);
      movements.mark(caret, client);
      caret.style.setProperty('--scriptorium-caret-rank', String(rank));
      return caret;
    };
    decorations.push(Decoration.widget(place, build, { key: `${client} ${rank}`, side: 10 + rank }));
    if (anchor === head) continue;
    const [from, to] = anchor < head ? [anchor, head] : [head, anchor];
    const style = `--scriptorium-user-color: ${shownColor(readUser(user).color)}`;
    const stale = movements.isStale(client) ? ' scriptorium-stale' : '';
    decorations.push(
      Decoration.inline(from, to, { class: `scriptorium-selection${stale}`, style }, { inclusiveEnd: true }),
    );
    doc.nodesBetween(from, to, (node, position) => {
      if (!node.isBlock || !node.isAtom || position < from || position + node.nodeSize > to) return;
      const attributes = { class: `scriptorium-selected-block${stale}`, style };
      decorations.push(Decoration.node(position, position + node.nodeSize, attributes));
    });
  }
  return decorations;
}

/** Where the bar of a caret can stand. Between the cells of a table or the items of a list there is no room for one. */
function placeFor(doc: Node, position: number): number {
  const $position = doc.resolve(position);
  if ($position.parent.inlineContent || $position.depth === 0) return position;
  return Selection.near($position, -1).head;
}

/** Me, for the others. */
interface Me {
  /** My caret is shown from the first time that I am in the text; also while I am in a menu. */
  isIn: boolean;
}

/**
 * Draws again when somebody moved, and tells the others where I am. Ends whenever a plugin is registered, and begins
 * anew: what the others know of me does not end with it.
 */
function follow(view: EditorView, awareness: Awareness, movements: Movements, me: Me) {
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const redraw = (): void => {
    frame = undefined;
    // A text node that is cut in two ends a composition.
    if (view.composing) return schedule();
    view.dispatch(view.state.tr.setMeta(key, true).setMeta('addToHistory', false));
  };
  const schedule = (): void => {
    frame ??= requestAnimationFrame(redraw);
  };
  const passTime = (): void => {
    const { stale, nextMs } = movements.passTime();
    for (const caret of view.dom.querySelectorAll<HTMLElement>('.scriptorium-caret')) {
      movements.mark(caret, Number(caret.dataset['client']));
    }
    // Selections are decorations: they fade by being drawn.
    if (stale) schedule();
    timer = nextMs === undefined ? undefined : setTimeout(passTime, nextMs);
  };
  const onChange = ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>): void => {
    for (const client of [...added, ...updated]) {
      if (client === awareness.clientID) continue;
      const state = awareness.getStates().get(client);
      const caret = caretOf(view.dom, client);
      if (caret) paintCaret(caret, state?.['user']);
      movements.see(client, state?.['cursor']);
    }
    for (const client of removed) movements.forget(client);
    if (added.concat(updated, removed).some((client) => client !== awareness.clientID)) {
      clearTimeout(timer);
      passTime();
      schedule();
    }
  };
  const tell = (): void => {
    me.isIn ||= view.hasFocus();
    if (me.isIn) tellCursor(view.state, awareness);
  };
  let labels: Labels | undefined;
  let isOver = false;
  import('./caret-labels.ts').then(
    ({ placeLabels }) => {
      if (!isOver) labels = placeLabels(view);
    },
    (error: unknown) => console.warn('The names of the others could not be placed.', error),
  );

  for (const [client, { cursor }] of awareness.getStates()) {
    if (client !== awareness.clientID) movements.see(client, cursor);
  }
  passTime();
  schedule();
  awareness.on('change', onChange);
  view.dom.addEventListener('focus', tell);
  return {
    update(_: EditorView, before: EditorState) {
      if (before.doc !== view.state.doc || !before.selection.eq(view.state.selection)) tell();
      // Without a caret there is none to be named, and to find that out the page is looked through.
      if (caretsIn(view.state).size > 0) labels?.update();
    },
    destroy() {
      awareness.off('change', onChange);
      view.dom.removeEventListener('focus', tell);
      clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
      isOver = true;
      labels?.destroy();
    },
  };
}
