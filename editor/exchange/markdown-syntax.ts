import MarkdownIt, { type StateBlock, type StateInline } from 'markdown-it';
import { isSafeLink } from '../safe-link.ts';
import { prepareTokens } from './markdown-tokens.ts';

/** Elements of HTML that stand for marks; all others are text. */
const TAGS = /^<(\/?)(u|mark|sub|sup)>/;
const BREAK = /^<br ?\/?>/i;

/** CommonMark with GitHub's tables, strikethrough, task lists, alerts and formulas, and `<details>`. No other HTML. */
export function createTokenizer(): MarkdownIt {
  const tokenizer = new MarkdownIt('default', { html: false, linkify: true });
  // Words with dots in them are no links.
  tokenizer.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  tokenizer.validateLink = (href) => isSafeLink(href) || /^data:image\/(png|jpeg|gif|webp|avif);/i.test(href);
  tokenizer.inline.ruler.before('escape', 'math', inlineMath);
  tokenizer.inline.ruler.before('autolink', 'tags', tags);
  tokenizer.block.ruler.before('fence', 'math', blockMath, { alt: ['paragraph', 'blockquote', 'list'] });
  tokenizer.block.ruler.before('paragraph', 'details', details, { alt: ['paragraph', 'blockquote', 'list'] });
  tokenizer.core.ruler.after('block', 'prepare', ({ tokens }) => prepareTokens(tokens));
  return tokenizer;
}

/** `$x$`: nothing blank inside of the signs, and no digit behind, so that prices are none. */
function inlineMath(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '$' || state.src[state.pos + 1] === '$') return false;
  const match = /^\$(?! )((?:[^$\\]|\\.)*?[^ $\\]|(?:[^$\\]|\\.)*?\\[^ ])\$(?!\d)/s.exec(
    state.src.slice(state.pos, state.posMax),
  );
  if (!match?.[1]) return false;
  if (!silent) state.push('math_inline', '', 0).content = match[1];
  state.pos += match[0].length;
  return true;
}

/** An element that stands for a mark, when it is opened and closed here. */
function tags(state: StateInline, silent: boolean): boolean {
  const rest = state.src.slice(state.pos, Math.min(state.posMax, state.pos + 8));
  const lineBreak = BREAK.exec(rest);
  if (lineBreak) {
    if (!silent) state.push('hardbreak', 'br', 0);
    state.pos += lineBreak[0].length;
    return true;
  }
  const match = TAGS.exec(rest);
  if (!match) return false;
  const name = match[2] ?? '';
  const closes = match[1] === '/';
  const other = closes ? state.src.lastIndexOf(`<${name}>`, state.pos) : state.src.indexOf(`</${name}>`, state.pos);
  if (other < 0) return false;
  // Of no nesting: markdown-it counts on what opens being closed.
  if (!silent) state.push(`${name}_${closes ? 'close' : 'open'}`, name, 0);
  state.pos += match[0].length;
  return true;
}

function lineAt(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}

/** Lines between two lines of `$$`, or one line with both. */
function blockMath(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const first = lineAt(state, start);
  const alone = /^\$\$(.+)\$\$\s*$/.exec(first)?.[1];
  if (alone === undefined && first.trim() !== '$$') return false;
  let last = start;
  if (alone === undefined) {
    last++;
    while (last < end && lineAt(state, last).trim() !== '$$') last++;
    if (last >= end) return false;
  }
  if (silent) return true;
  const token = state.push('math_block', '', 0);
  token.content = alone?.trim() ?? state.getLines(start + 1, last, state.blkIndent, false).replace(/\n$/, '');
  token.map = [start, last + 1];
  state.line = last + 1;
  return true;
}

/** `<details>`, a `<summary>`, and blocks up to `</details>`, each of these on lines of their own. */
function details(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if (!/^<details( open)?>\s*$/i.test(lineAt(state, start))) return false;
  const summary = start + 1 < end ? /^<summary>(.*)<\/summary>\s*$/i.exec(lineAt(state, start + 1))?.[1] : undefined;
  if (summary === undefined) return false;
  let depth = 1;
  let last = start + 2;
  for (; last < end; last++) {
    if (/^<details( open)?>\s*$/i.test(lineAt(state, last))) depth++;
    if (/^<\/details>\s*$/i.test(lineAt(state, last)) && --depth === 0) break;
  }
  if (last >= end) return false;
  if (silent) return true;
  state.push('details_open', 'details', 1);
  state.push('summary_open', 'summary', 1);
  const inline = state.push('inline', '', 0);
  inline.content = summary.replace(/<br ?\/?>/gi, ' ').trim();
  inline.children = [];
  state.push('summary_close', 'summary', -1);
  state.push('details_content_open', 'div', 1);
  const { lineMax, parentType } = state;
  state.lineMax = last;
  state.md.block.tokenize(state, start + 2, last);
  state.lineMax = lineMax;
  state.parentType = parentType;
  state.push('details_content_close', 'div', -1);
  state.push('details_close', 'details', -1);
  state.line = last + 1;
  return true;
}
