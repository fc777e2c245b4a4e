import type { Mark, Node } from '@tiptap/pm/model';
import { MarkdownSerializer, type MarkdownSerializerState } from 'prosemirror-markdown';

/** GitHub's words for the kinds of callouts. */
export const ALERTS: Readonly<Record<string, string>> = {
  info: 'NOTE',
  success: 'TIP',
  warning: 'WARNING',
  danger: 'CAUTION',
};

type Write = (state: MarkdownSerializerState, node: Node, parent: Node, index: number) => void;

const nodes: Record<string, Write> = {
  paragraph(state, node) {
    state.renderInline(node);
    state.closeBlock(node);
  },
  heading(state, node) {
    state.write(`${'#'.repeat(Number(node.attrs['level']))} `);
    onOneLine(state, node);
    state.closeBlock(node);
  },
  blockquote(state, node) {
    state.wrapBlock('> ', null, node, () => loosely(state, () => state.renderContent(node)));
  },
  callout(state, node) {
    state.wrapBlock('> ', null, node, () => {
      state.write(`[!${ALERTS[node.attrs['kind'] as string] ?? 'NOTE'}]`);
      state.ensureNewLine();
      loosely(state, () => state.renderContent(node));
    });
  },
  codeBlock(state, node) {
    const longest = Math.max(2, ...(node.textContent.match(/`+/g) ?? []).map((ticks) => ticks.length));
    const fence = '`'.repeat(longest + 1);
    state.write(`${fence}${node.attrs['language'] ?? ''}\n`);
    state.text(node.textContent, false);
    // Not `ensureNewLine`: a line break at the end is part of the code.
    state.write('\n');
    state.write(fence);
    state.closeBlock(node);
  },
  bulletList(state, node, parent, index) {
    const mark = follows(node, parent, index) ? '*' : '-';
    state.renderList(node, '  ', () => `${mark} `);
  },
  taskList(state, node, parent, index) {
    const mark = follows(node, parent, index) ? '*' : '-';
    state.renderList(node, '  ', () => `${mark} `);
  },
  orderedList(state, node, parent, index) {
    const start = Number(node.attrs['start'] ?? 1);
    const mark = follows(node, parent, index) ? ')' : '.';
    const width = String(start + node.childCount - 1).length;
    const write = (): void =>
      state.renderList(node, ' '.repeat(width + 2), (item) => {
        const number = String(start + item);
        return `${number}${mark}${' '.repeat(width + 1 - number.length)}`;
      });
    // Right behind a paragraph, a list that does not begin with 1 would be part of it.
    if (start === 1) write();
    else loosely(state, write);
  },
  listItem: (state, node) => state.renderContent(node),
  taskItem(state, node) {
    state.write(node.attrs['checked'] === true ? '[x] ' : '[ ] ');
    state.renderContent(node);
  },
  horizontalRule(state, node) {
    state.write('---');
    state.closeBlock(node);
  },
  image(state, node) {
    const { src, alt, title, caption } = node.attrs as Readonly<
      Record<'src' | 'alt' | 'title' | 'caption', string | null>
    >;
    const words = caption ?? title;
    const quoted = words ? ` "${words.replace(/\s+/g, ' ').replace(/["\\]/g, '\\$&')}"` : '';
    state.write(`![${state.esc((alt ?? '').replace(/\s+/g, ' '))}](${addressOf(src)}${quoted})`);
    state.closeBlock(node);
  },
  table(state, node) {
    writeTable(state, node);
    state.closeBlock(node);
  },
  details(state, node) {
    state.write('<details>');
    state.ensureNewLine();
    state.write('<summary>');
    if (node.firstChild) onOneLine(state, node.firstChild);
    state.write('</summary>');
    state.closeBlock(node);
    loosely(state, () => node.lastChild && state.renderContent(node.lastChild));
    // A blank line, so that it is not part of what is before it.
    state.write('</details>');
    state.closeBlock(node);
  },
  blockMath(state, node) {
    state.write('$$\n');
    state.text(String(node.attrs['latex']), false);
    state.ensureNewLine();
    state.write('$$');
    state.closeBlock(node);
  },
  inlineMath: (state, node) => state.write(`$${String(node.attrs['latex']).trim()}$`),
  mention: (state, node) => state.text(`@${node.attrs['label'] ?? node.attrs['id'] ?? ''}`),
  hardBreak(state, node, parent, index) {
    // One at the end of a block is not to be seen.
    for (let i = index + 1; i < parent.childCount; i++) {
      if (parent.child(i).type !== node.type) return state.write(isOnOneLine(state) ? '<br>' : '\\\n');
    }
  },
  text(state, node, parent, index) {
    // A line begins here: what it begins with must not be a list or a heading.
    if (index > 0 && parent.child(index - 1).type.name === 'hardBreak') beginLine(state);
    state.text(node.text ?? '');
  },
};

const marks = {
  bold: { open: '**', close: '**', mixable: true, expelEnclosingWhitespace: true },
  italic: { open: '*', close: '*', mixable: true, expelEnclosingWhitespace: true },
  strike: { open: '~~', close: '~~', mixable: true, expelEnclosingWhitespace: true },
  underline: tag('u'),
  highlight: tag('mark'),
  subscript: tag('sub'),
  superscript: tag('sup'),
  // Markdown has no colours.
  textStyle: { open: '', close: '', mixable: true },
  link: {
    open: () => '[',
    close: (_: MarkdownSerializerState, mark: Mark) => `](${addressOf(mark.attrs['href'] as string | null)})`,
    mixable: true,
  },
  code: {
    open: (_: MarkdownSerializerState, __: Mark, parent: Node, index: number) => ticksFor(parent.child(index)).open,
    close: (_: MarkdownSerializerState, __: Mark, parent: Node, index: number) =>
      ticksFor(parent.child(index - 1)).close,
    escape: false,
  },
};

const serializer = new MarkdownSerializer(nodes, marks, {
  // What begins a formula, an element or a character reference for who reads it, or makes a heading of the line before.
  escapeExtraCharacters: /^=|\$(?!\s)|<(?=[a-z/!?])|&(?=#?\w+;)/gi,
  hardBreakNodeName: 'hardBreak',
  strict: false,
});

/** A document, or a part of one, as Markdown: CommonMark with GitHub's tables, task lists, alerts and formulas. */
export function writeMarkdown(content: Node): string {
  return serializer.serialize(content, { tightLists: true });
}

function tag(name: string) {
  return { open: `<${name}>`, close: `</${name}>`, mixable: true };
}

const markOf = ({ type }: Node): string => (type.name === 'taskList' ? 'bulletList' : type.name);

/** Whether the same kind of list is right before this one: with the same marks the two would be one. */
function follows(node: Node, parent: Node, index: number): boolean {
  let same = false;
  for (let i = index - 1; i >= 0 && markOf(parent.child(i)) === markOf(node); i--) same = !same;
  return same;
}

/** Blank lines between blocks, also inside of a list that has none. Not in the types of prosemirror-markdown. */
function loosely(state: MarkdownSerializerState, write: () => void): void {
  const open = state as unknown as { inTightList: boolean };
  const before = open.inTightList;
  open.inTightList = false;
  write();
  open.inTightList = before;
}

/** What comes next is escaped as at the beginning of a block. Not in the types of prosemirror-markdown. */
function beginLine(state: MarkdownSerializerState): void {
  (state as unknown as { atBlockStart: boolean }).atBlockStart = true;
}

const oneLiners = new WeakSet<MarkdownSerializerState>();
const isOnOneLine = (state: MarkdownSerializerState): boolean => oneLiners.has(state);

/** Inline content where a line break would end the block. */
function onOneLine(state: MarkdownSerializerState, node: Node): void {
  oneLiners.add(state);
  state.renderInline(node, false);
  oneLiners.delete(state);
}

function ticksFor(node: Node): { open: string; close: string } {
  const text = node.text ?? '';
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  const space = /^`|`$|^ .*[^ ].* $/.test(text) ? ' ' : '';
  return { open: ticks + space, close: space + ticks };
}

function addressOf(src: string | null): string {
  const address = (src ?? '').replace(/\s/g, encodeURIComponent);
  return /[()<>]/.test(address) ? `<${address.replace(/[<>]/g, encodeURIComponent)}>` : address;
}

/** GitHub's tables have a head of one row and one line in each cell: what has more is brought to that. */
function writeTable(state: MarkdownSerializerState, table: Node): void {
  const rows: Node[][] = table.children.map(({ children }) => [...children]);
  const width = Math.max(1, ...rows.map((row) => row.reduce((sum, cell) => sum + Number(cell.attrs['colspan']), 0)));
  const hasHead = rows[0]?.every(({ type }) => type.name === 'tableHeader') ?? false;
  const write = (cells: readonly string[]): void => {
    state.ensureNewLine();
    state.write(`| ${Array.from({ length: width }, (_, i) => cells[i] ?? '').join(' | ')} |`);
  };
  const [head, ...body] = hasHead ? rows : [[], ...rows];
  const texts = (row: readonly Node[]): string[] =>
    row.flatMap((cell) => [cellText(cell), ...Array.from({ length: Number(cell.attrs['colspan']) - 1 }, () => '')]);
  write(texts(head ?? []));
  state.ensureNewLine();
  const alignments = Array.from({ length: width }, (_, i) => (rows[0]?.[i] ? alignmentOf(rows[0][i]) : '---'));
  state.write(`| ${alignments.join(' | ')} |`);
  for (const row of body) write(texts(row));
}

function alignmentOf(cell: Node): string {
  switch (cell.firstChild?.attrs['textAlign']) {
    case 'center':
      return ':-:';
    case 'right':
      return '--:';
    case 'left':
      return ':--';
    default:
      return '---';
  }
}

/** Lines of text; what is a block of another kind is its text. */
function cellText(cell: Node): string {
  const lines = cell.children.map((block) => {
    const paragraph = block.inlineContent && !block.type.spec.code;
    const markdown = paragraph ? writeMarkdown(block.type.schema.node('doc', null, [block])) : block.textContent;
    return markdown.replace(/\\\n/g, '<br>').replace(/\s*\n\s*/g, ' ');
  });
  return lines.join('<br>').replace(/\|/g, '\\|');
}
