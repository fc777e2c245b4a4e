import { html, nothing, type TemplateResult } from 'lit/html.js';
import {
  ArrowDown,
  ArrowUp,
  CaseSensitive,
  ChevronDown,
  ChevronRight,
  Regex,
  Replace,
  ReplaceAll,
  WholeWord,
  X,
} from 'lucide-static';
import type { MenuMessages } from '../../messages/menus.ts';
import { toolButton } from '../tool-button.ts';
import type { FindQuery } from './query.ts';
import type { SearchState } from './search.ts';

/** What the bar shows, and what it can have done. */
export interface FindView {
  readonly query: FindQuery;
  readonly replacement: string;
  /** Whether there is a line for the replacement; undefined where one may not write. */
  readonly replacing: boolean | undefined;
  readonly state: SearchState;
  readonly messages: MenuMessages['find'];
  look(change: Partial<FindQuery>): void;
  go(by: 1 | -1): void;
  setReplacement(replacement: string): void;
  setReplacing(replacing: boolean): void;
  replace(): void;
  replaceAll(): void;
  close(): void;
}

const OPTIONS = [
  { name: 'matchCase', svg: CaseSensitive },
  { name: 'wholeWord', svg: WholeWord },
  { name: 'isRegex', svg: Regex },
] as const;

/** What is in the bar. */
export function findTemplate(view: FindView): TemplateResult {
  const { query, replacing, state, messages } = view;
  const disabled = state.total === 0;
  const options = OPTIONS.map(({ name, svg }) => ({
    label: messages[name],
    svg,
    pressed: query[name],
    run: () => view.look({ [name]: !query[name] }),
  }));
  const toggle = {
    label: messages.showReplace,
    svg: replacing ? ChevronDown : ChevronRight,
    expanded: replacing ?? false,
    run: () => view.setReplacing(!replacing),
  };
  return html`<div class="scriptorium-find-row">
      ${replacing === undefined ? nothing : toolButton(toggle)} ${queryField(view)}
      <div class="scriptorium-find-buttons">
        ${options.map(toolButton)}
        ${toolButton({ label: messages.previous, svg: ArrowUp, disabled, run: () => view.go(-1) })}
        ${toolButton({ label: messages.next, svg: ArrowDown, disabled, run: () => view.go(1) })}
      </div>
      ${toolButton({ label: messages.close, svg: X, run: () => view.close() })}
    </div>
    ${
      replacing
        ? html`<div class="scriptorium-find-row">
            ${replacementField(view)}
            ${toolButton({ label: messages.replace, svg: Replace, disabled, run: () => view.replace() })}
            ${toolButton({ label: messages.replaceAll, svg: ReplaceAll, disabled, run: () => view.replaceAll() })}
          </div>`
        : nothing
    }`;
}

function queryField({ query, state, messages, look }: FindView): TemplateResult {
  const label = messages.find;
  return html`<div class="scriptorium-find-field">
    <input
      name="query"
      type="text"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      enterkeyhint="search"
      placeholder=${label}
      aria-label=${label}
      aria-invalid=${state.problem === 'invalid'}
      .value=${query.text}
      @input=${(event: InputEvent) => look({ text: (event.target as HTMLInputElement).value })}
    ><span class="scriptorium-find-status" role="status" ?data-problem=${state.problem !== undefined}
      >${describe(query, state, messages)}</span>
  </div>`;
}

function replacementField({ replacement, messages, setReplacement }: FindView): TemplateResult {
  const label = messages.replaceWith;
  return html`<div class="scriptorium-find-field">
    <input
    name="replacement"
    type="text"
    autocomplete="off"
    enterkeyhint="go"
    placeholder=${label}
    aria-label=${label}
    .value=${replacement}
    @input=${(event: InputEvent) => setReplacement((event.target as HTMLInputElement).value)}
  >
  </div>`;
}

function describe(
  query: FindQuery,
  { problem, total, current, pending }: SearchState,
  messages: MenuMessages['find'],
): string {
  if (query.text === '') return '';
  if (problem) return messages[problem];
  if (total === 0) return pending ? messages.pending : messages.none;
  return messages.position({ current, total });
}
