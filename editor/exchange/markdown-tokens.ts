import type { Token } from 'markdown-it';

const ALERT = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(\n|$)/;
const KINDS: Readonly<Record<string, string>> = {
  NOTE: 'info',
  TIP: 'success',
  IMPORTANT: 'info',
  WARNING: 'warning',
  CAUTION: 'danger',
};
const TASK = /^\[([ xX])\](?:[ \t]+|$)/;

/** Makes alerts of quotes, task lists of lists, and paragraphs in the cells of tables. Before inline text is looked at. */
export function prepareTokens(tokens: Token[]): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.type === 'blockquote_open') makeAlert(tokens, i);
    if (token?.type === 'bullet_list_open') makeTasks(tokens, i);
  }
}

function makeAlert(tokens: Token[], at: number): void {
  const [open, paragraph, inline] = tokens.slice(at, at + 3);
  const match = paragraph?.type === 'paragraph_open' ? ALERT.exec(inline?.content ?? '') : null;
  const close = closingOf(tokens, at);
  if (!open || !inline || !match || !close) return;
  open.type = 'callout_open';
  open.attrSet('kind', KINDS[match[1] ?? ''] ?? 'info');
  close.type = 'callout_close';
  inline.content = inline.content.slice(match[0].length);
  if (inline.content === '') tokens.splice(at + 1, 3);
}

function makeTasks(tokens: Token[], at: number): void {
  const close = closingOf(tokens, at);
  const open = tokens[at];
  if (!open || !close) return;
  const items: { item: Token; inline: Token; end: Token; match: RegExpExecArray }[] = [];
  for (let i = at + 1; tokens[i] !== close; i++) {
    const item = tokens[i];
    if (item?.type !== 'list_item_open' || item.level !== open.level + 1) continue;
    const inline = tokens[i + 2];
    const match = tokens[i + 1]?.type === 'paragraph_open' ? TASK.exec(inline?.content ?? '') : null;
    const end = closingOf(tokens, i);
    // One that is no task makes a list of all.
    if (!inline || !match || !end) return;
    items.push({ item, inline, end, match });
  }
  open.type = 'task_list_open';
  close.type = 'task_list_close';
  for (const { item, inline, end, match } of items) {
    item.type = 'task_item_open';
    end.type = 'task_item_close';
    item.attrSet('checked', String(match[1] !== ' '));
    inline.content = inline.content.slice(match[0].length);
  }
}

function closingOf(tokens: readonly Token[], at: number): Token | undefined {
  const open = tokens[at];
  const type = open?.type.replace('_open', '_close');
  for (let i = at; i < tokens.length; i++) {
    if (tokens[i]?.type === type && tokens[i]?.level === open?.level) return tokens[i];
  }
  return undefined;
}
