import { Mark, type Node, type Schema } from '@tiptap/pm/model';
import type { Token } from 'markdown-it';
import { MarkdownParser } from 'prosemirror-markdown';
import { isSafeLink } from '../safe-link.ts';
import { createTokenizer } from './markdown-syntax.ts';

const parsers = new WeakMap<Schema, MarkdownParser>();

/** Reads Markdown as a document. Whatever the text is, it is one: what has no meaning is text. */
export function readMarkdown(schema: Schema, markdown: string): Node {
  let parser = parsers.get(schema);
  if (!parser) {
    parser = createParser(schema);
    parsers.set(schema, parser);
  }
  return parser.parse(markdown);
}

function createParser(schema: Schema): MarkdownParser {
  const tokenizer = createTokenizer();
  tokenizer.core.ruler.push('blocks', (state) => {
    state.tokens = arrange(state.tokens, state.Token);
  });
  const parser = new MarkdownParser(schema, tokenizer, {
    paragraph: { block: 'paragraph', getAttrs: ({ meta }: Token) => (meta as { textAlign: string } | null) ?? {} },
    heading: { block: 'heading', getAttrs: ({ tag }: Token) => ({ level: Number(tag.slice(1)) }) },
    blockquote: { block: 'blockquote' },
    callout: { block: 'callout', getAttrs: (token: Token) => ({ kind: token.attrGet('kind') }) },
    bullet_list: { block: 'bulletList' },
    ordered_list: {
      block: 'orderedList',
      getAttrs: (token: Token) => ({ start: Number(token.attrGet('start') ?? 1) }),
    },
    list_item: { block: 'listItem' },
    task_list: { block: 'taskList' },
    task_item: { block: 'taskItem', getAttrs: (token: Token) => ({ checked: token.attrGet('checked') === 'true' }) },
    code_block: { block: 'codeBlock', noCloseToken: true },
    fence: {
      block: 'codeBlock',
      getAttrs: ({ info }: Token) => ({ language: /^[\w.+#-]{1,40}/.exec(info)?.[0] ?? null }),
      noCloseToken: true,
    },
    hr: { node: 'horizontalRule' },
    image: {
      node: 'image',
      getAttrs: (token: Token) => ({
        src: token.attrGet('src'),
        alt: altOf(token) || null,
        caption: token.attrGet('title') || null,
      }),
    },
    table: { block: 'table' },
    thead: { ignore: true },
    tbody: { ignore: true },
    tr: { block: 'tableRow' },
    th: { block: 'tableHeader' },
    td: { block: 'tableCell' },
    details: { block: 'details' },
    summary: { block: 'detailsSummary' },
    details_content: { block: 'detailsContent' },
    math_block: { node: 'blockMath', getAttrs: ({ content }: Token) => ({ latex: content }) },
    math_inline: { node: 'inlineMath', getAttrs: ({ content }: Token) => ({ latex: content }) },
    hardbreak: { node: 'hardBreak' },
    em: { mark: 'italic' },
    strong: { mark: 'bold' },
    s: { mark: 'strike' },
    u: { mark: 'underline' },
    mark: { mark: 'highlight' },
    sub: { mark: 'subscript' },
    sup: { mark: 'superscript' },
    link: { mark: 'link', getAttrs: (token: Token) => ({ href: token.attrGet('href') }) },
    code_inline: { mark: 'code', noCloseToken: true },
  });
  // A mark ends with its block, also where its end was lost.
  const handlers = (parser as unknown as { tokenHandlers: Record<string, Handler> }).tokenHandlers;
  const inline = handlers['inline'];
  handlers['inline'] = (state, ...rest) => {
    inline?.(state, ...rest);
    state.marks = Mark.none;
  };
  return parser;
}

type Handler = (state: { marks: readonly Mark[] }, ...rest: unknown[]) => void;

/** Images are blocks here, and cells hold paragraphs. An image in the middle of a text is a link to it. */
function arrange(
  tokens: readonly Token[],
  TokenType: new (type: string, tag: string, nesting: -1 | 0 | 1) => Token,
): Token[] {
  const arranged: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const inline = tokens[i + 1];
    if (token.type === 'paragraph_open' && inline && isOnlyImages(inline)) {
      arranged.push(...(inline.children ?? []).filter(({ type }) => type === 'image'));
      i += 2;
      continue;
    }
    if (token.type === 'inline') token.children = (token.children ?? []).flatMap((child) => linkFor(child, TokenType));
    const isCell = token.type === 'inline' && /^t[hd]_open$/.test(tokens[i - 1]?.type ?? '');
    if (!isCell) {
      arranged.push(token);
      continue;
    }
    const textAlign = /text-align:(\w+)/.exec(String(tokens[i - 1]?.attrGet('style') ?? ''))?.[1];
    const open = new TokenType('paragraph_open', 'p', 1);
    if (textAlign !== undefined) open.meta = { textAlign };
    arranged.push(open, token, new TokenType('paragraph_close', 'p', -1));
  }
  return arranged;
}

function isOnlyImages({ type, children }: Token): boolean {
  if (type !== 'inline' || !children) return false;
  const isSpace = (token: Token): boolean =>
    /^(soft|hard)break$/.test(token.type) || (token.type === 'text' && token.content.trim() === '');
  const shown = children.filter((child) => !isSpace(child));
  return shown.length > 0 && shown.every((child) => child.type === 'image');
}

function altOf({ children }: Token): string {
  return (children ?? []).map(({ type, content }) => (type === 'softbreak' ? ' ' : content)).join('');
}

function linkFor(token: Token, TokenType: new (type: string, tag: string, nesting: -1 | 0 | 1) => Token): Token[] {
  if (token.type !== 'image') return [token];
  const src = String(token.attrGet('src') ?? '');
  const text = new TokenType('text', '', 0);
  text.content = altOf(token) || (src.startsWith('data:') ? '' : src);
  if (text.content === '') return [];
  if (!isSafeLink(src)) return [text];
  const open = new TokenType('link_open', 'a', 1);
  open.attrSet('href', src);
  return [open, text, new TokenType('link_close', 'a', -1)];
}
