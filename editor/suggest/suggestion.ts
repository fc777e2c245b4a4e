import type { Editor } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { createSuggestionList, type Option, type SuggestionList } from './suggestion-list.ts';

/** The places in a document that something is chosen for, as positions. */
export interface SuggestionRange {
  readonly from: number;
  readonly to: number;
}

/** What a list offers behind a certain character. */
export interface Suggestion<Item> {
  /** Unique among the suggestions of an editor. */
  readonly name: string;
  /** What is typed to get it, at the start of a word. */
  readonly char: string;
  /** How much has to be typed behind it. Default: nothing. */
  readonly minLength?: number;
  /** The name of the list, for assistive technology. */
  readonly label: string;
  /** What fits `query`, the best first. What comes too late is not shown. */
  find(query: string): readonly Item[] | Promise<readonly Item[]>;
  show(item: Item): Option;
  /** Puts it in the place of what was typed. */
  choose(item: Item, range: SuggestionRange): void;
}

/** What somebody is typing behind the character. */
interface Match extends SuggestionRange {
  readonly query: string;
  /** Whether Escape was pressed, or something chosen. */
  readonly isDone: boolean;
  /** Whether a command opened it: then it is there before anything is typed. */
  readonly isAsked: boolean;
}

/** The name of the suggestion that a transaction asks for. */
const ASKED = 'scriptorium: suggestion';

/** Opens a list by putting its character into the text, as the start of a word. */
export function askFor({ view, state }: Editor, name: string, char: string): void {
  const { $from } = state.selection;
  const before = $from.parent.textBetween(0, $from.parentOffset, '', ' ').at(-1) ?? ' ';
  const { tr } = state;
  view.dispatch(
    tr
      .insertText(/\s/.test(before) ? char : ` ${char}`)
      .setMeta(ASKED, name)
      .scrollIntoView(),
  );
}

const MAX_QUERY_LENGTH = 40;

/** Opens a list while somebody types behind a certain character: never for what others type, or when a caret just comes by. */
export function suggestionPlugin<Item>(editor: Editor, suggestion: Suggestion<Item>): Plugin {
  const key = new PluginKey<Match | undefined>(`suggestion: ${suggestion.name}`);
  let items: readonly Item[] = [];
  let list: SuggestionList | undefined;
  /** What is looked for; an answer to anything else is late. */
  let wanted: string | undefined;

  const end = (): void => {
    editor.view.dispatch(editor.state.tr.setMeta(key, 'done'));
  };
  const choose = (index: number): void => {
    const match = key.getState(editor.state);
    const item = items[index];
    if (!match || item === undefined) return;
    end();
    suggestion.choose(item, { from: match.from, to: match.to });
  };
  const onKeyDown = (_: EditorView, event: KeyboardEvent): boolean => {
    if (!list?.isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    switch (event.key) {
      case 'ArrowDown':
        list.move(1);
        return true;
      case 'ArrowUp':
        list.move(-1);
        return true;
      case 'Enter':
      case 'Tab':
        choose(list.active);
        return true;
      case 'Escape':
        end();
        return true;
      default:
        return false;
    }
  };

  return new Plugin<Match | undefined>({
    key,
    state: {
      init: () => undefined,
      apply: (tr, before, _, state) => {
        if (before && tr.getMeta(key) === 'done') return { ...before, isDone: true };
        const match = matchIn(state, suggestion);
        if (!match) return undefined;
        if (before) return { ...match, isDone: before.isDone, isAsked: before.isAsked };
        if (tr.getMeta(ASKED) === suggestion.name) return { ...match, isAsked: true };
        return tr.docChanged && !isOfOthers(tr) ? match : undefined;
      },
    },
    props: { handleKeyDown: onKeyDown },
    view: (view) => {
      list = createSuggestionList({ field: view.dom, label: suggestion.label, onChoose: choose });
      const { dom } = view;
      const onBlur = (): void => list?.hide();
      dom.addEventListener('blur', onBlur);
      const update = async (view: EditorView): Promise<void> => {
        const match = key.getState(view.state);
        const minLength = match?.isAsked ? 0 : (suggestion.minLength ?? 0);
        if (!match || match.isDone || !view.editable || match.query.length < minLength) {
          wanted = undefined;
          return list?.hide();
        }
        if (wanted === match.query) return;
        wanted = match.query;
        const found = await suggestion.find(match.query);
        const now = key.getState(editor.state);
        if (editor.isDestroyed || wanted !== match.query || !now) return;
        items = found;
        list?.show(found.map(suggestion.show), () => placeOf(editor, key.getState(editor.state)?.from ?? now.from));
      };
      return {
        update(view) {
          update(view).catch((error: unknown) => console.warn('There are no suggestions.', error));
        },
        destroy() {
          dom.removeEventListener('blur', onBlur);
          list?.destroy();
          list = undefined;
        },
      };
    },
  });
}

function matchIn<Item>({ selection }: EditorState, { char }: Suggestion<Item>): Match | undefined {
  const { $from, empty } = selection;
  if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code) return undefined;
  if ($from.marks().some((mark) => mark.type.spec.code)) return undefined;
  const before = $from.parent.textBetween(
    Math.max(0, $from.parentOffset - MAX_QUERY_LENGTH),
    $from.parentOffset,
    '',
    '\ufffc',
  );
  const at = before.lastIndexOf(char);
  if (at < 0) return undefined;
  const query = before.slice(at + char.length);
  // At the start of a word, and one word long.
  if (/\s|\ufffc/.test(query) || (at > 0 && !/[\s([{"'\ufffc]/.test(before.charAt(at - 1)))) return undefined;
  return { from: $from.pos - query.length - char.length, to: $from.pos, query, isDone: false, isAsked: false };
}

function isOfOthers(tr: Transaction): boolean {
  return tr.getMeta(ySyncPluginKey) !== undefined;
}

function placeOf({ view, state }: Editor, position: number): DOMRect {
  const { left, top, bottom } = view.coordsAtPos(Math.min(position, state.doc.content.size));
  return new DOMRect(left, top, 0, bottom - top);
}
