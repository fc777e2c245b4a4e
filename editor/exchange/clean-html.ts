import { HELD_STYLE, holdStyles } from './held-styles.ts';
import { wordLists } from './word-lists.ts';

/** What is nothing to read. */
const DROPPED =
  'script, style, meta, link, title, base, template, noscript, iframe, object, embed, svg, math, canvas, video, audio, form, button, input, select, textarea, [hidden], [aria-hidden="true"], head';

/** Styles that say what an element would. */
const STYLES: readonly (readonly [property: string, value: RegExp, tag: string])[] = [
  ['font-weight', /^(bold|bolder|[6-9]00)$/, 'strong'],
  ['font-style', /^(italic|oblique)/, 'em'],
  ['text-decoration', /underline/, 'u'],
  ['text-decoration', /line-through/, 's'],
  ['vertical-align', /^super$/, 'sup'],
  ['vertical-align', /^sub$/, 'sub'],
];

/**
 * Makes of HTML from Word, Google Docs or a web page what it says, in the elements of the schema. Nothing in it is run or
 * fetched meanwhile. What another editor of this kind has put on the clipboard stays as it is.
 */
export function cleanHtml(html: string): string {
  const { body } = new DOMParser().parseFromString(holdStyles(html), 'text/html');
  if (body.querySelector('[data-pm-slice]')) return ownHtml(body);
  for (const element of body.querySelectorAll(DROPPED)) element.remove();
  dropComments(body);
  if (/class="?Mso|mso-|urn:schemas-microsoft-com/i.test(html)) cleanWord(body);
  cleanGoogle(body);
  cleanTasks(body);
  cleanImages(body);
  cleanCode(body);
  for (const element of [...body.querySelectorAll<HTMLElement>('*')]) cleanElement(element);
  return body.innerHTML;
}

/** What is said in styles only is how blocks are aligned. */
function ownHtml(body: HTMLElement): string {
  for (const element of body.querySelectorAll(`[${HELD_STYLE}]`)) {
    const { textAlign } = styleOf(element);
    if (textAlign) element.setAttribute('align', textAlign);
    element.removeAttribute(HELD_STYLE);
  }
  return body.innerHTML;
}

function dropComments(body: HTMLElement): void {
  const comments = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  for (const comment of found) comment.parentNode?.removeChild(comment);
}

/** Paragraphs that look like titles and lists, in Word's own words. */
function cleanWord(body: HTMLElement): void {
  for (const [style, tag] of [
    ['MsoTitle', 'h1'],
    ['MsoSubtitle', 'h2'],
    ['MsoQuote', 'blockquote'],
    ['MsoIntenseQuote', 'blockquote'],
  ] as const) {
    for (const element of body.querySelectorAll(`.${style}`)) rename(element, tag);
  }
  wordLists(body);
  for (const element of [...body.querySelectorAll('*')]) {
    // Elements of Word's own namespace, such as o:p.
    if (element.tagName.includes(':')) unwrap(element);
  }
  for (const paragraph of body.querySelectorAll('p')) if (isBlank(paragraph)) paragraph.remove();
  // Line breaks of the file, not of the text.
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement?.closest('pre') === null) text.nodeValue = (text.nodeValue ?? '').replace(/\s*\n\s*/g, ' ');
  }
}

function cleanGoogle(body: HTMLElement): void {
  for (const element of body.querySelectorAll('[id^="docs-internal-guid"]')) {
    for (const child of [...element.children]) if (child.tagName === 'BR') child.remove();
    unwrap(element);
    for (const child of [...body.children]) if (child.tagName === 'BR') child.remove();
  }
}

/** Check boxes in lists, as Google Docs and GitHub have them; the boxes themselves are gone by now. */
function cleanTasks(body: HTMLElement): void {
  for (const list of body.querySelectorAll('ul')) {
    const items = [...list.children].filter(({ tagName }) => tagName === 'LI');
    if (items.length === 0 || !items.every((item) => item.getAttribute('role') === 'checkbox')) continue;
    list.setAttribute('data-type', 'taskList');
    for (const item of items) {
      item.setAttribute('data-type', 'taskItem');
      item.setAttribute('data-checked', String(item.getAttribute('aria-checked') === 'true'));
    }
  }
}

/** Images are blocks: what is around one and holds nothing else would be an empty line, or a link on nothing. */
function cleanImages(body: HTMLElement): void {
  for (const image of body.querySelectorAll('img')) {
    for (let parent = image.parentElement; parent; parent = image.parentElement) {
      if (!/^(P|A|SPAN|PICTURE)$/.test(parent.tagName) || (parent.textContent ?? '').trim() !== '') break;
      unwrap(parent);
    }
  }
}

/** GitHub says the language around the code. */
function cleanCode(body: HTMLElement): void {
  for (const pre of body.querySelectorAll('pre')) {
    const classes = `${pre.className} ${pre.parentElement?.className ?? ''} ${pre.firstElementChild?.className ?? ''}`;
    const language = /(?:language-|lang-|highlight-source-)([\w+#-]+)/.exec(classes)?.[1];
    const code = document.createElement('code');
    code.textContent = pre.textContent;
    if (language) code.className = `language-${language}`;
    pre.replaceChildren(code);
  }
}

/** By way of an element of the page, where a strict policy lets a program set styles. */
function styleOf(element: Element): CSSStyleDeclaration {
  const { style } = document.createElement('span');
  style.cssText = element.getAttribute(HELD_STYLE) ?? '';
  return style;
}

function cleanElement(element: HTMLElement): void {
  const { tagName } = element;
  const style = styleOf(element);
  if (style.display === 'none' || /mso-hide:\s*all/i.test(element.getAttribute(HELD_STYLE) ?? ''))
    return element.remove();
  // How browsers keep the space between two elements.
  if (tagName === 'SPAN' && element.textContent === '\u00a0') element.textContent = ' ';
  const isPlain =
    (/^(B|STRONG)$/.test(tagName) && /^(normal|400)$/.test(style.fontWeight)) ||
    (/^(I|EM)$/.test(tagName) && style.fontStyle === 'normal');
  const isCode = element.closest('pre') !== null;
  const within = element.closest('h1, h2, h3, h4, h5, h6, a');
  for (const [property, value, tag] of isCode || /^(P|DIV|LI|UL|OL|TABLE|TR|TD|TH|H\d|BODY)$/.test(tagName)
    ? []
    : STYLES) {
    // A heading is bold and a link underlined by itself.
    if (within && (tag === 'u' ? within.tagName === 'A' : tag === 'strong' && within.tagName !== 'A')) continue;
    const said = style.getPropertyValue(property) || (property === 'text-decoration' ? style.textDecorationLine : '');
    if (value.test(said)) wrapContent(element, tag);
  }
  const alignment = /^(center|right)$/.exec(style.textAlign || element.getAttribute('align') || '')?.[0];
  const isBlock = /^(P|H\d)$/.test(tagName);
  for (const { name } of [...element.attributes]) if (!isKept(element, name)) element.removeAttribute(name);
  if (alignment !== undefined && isBlock) element.setAttribute('align', alignment);
  // A link into the page that this comes from leads nowhere.
  if (tagName === 'A' && /^(#|file:|about:)|^$/.test(element.getAttribute('href') ?? '')) unwrap(element);
  else if (isPlain || (/^(SPAN|FONT)$/.test(tagName) && !element.matches('[data-type], [data-color]'))) unwrap(element);
}

const KEPT: ReadonlySet<string> = new Set([
  ...['href', 'src', 'alt', 'title', 'width', 'height', 'colspan', 'rowspan', 'start'],
  // What this editor writes itself, as in a page that it exported.
  ...['data-type', 'data-checked', 'data-latex', 'data-kind', 'data-id', 'data-label', 'data-color', 'data-align'],
]);

function isKept({ tagName }: Element, name: string): boolean {
  return KEPT.has(name) || (name === 'class' && tagName === 'CODE');
}

function isBlank(element: Element): boolean {
  return element.querySelector('img, br, hr, table') === null && (element.textContent ?? '').trim() === '';
}

function rename(element: Element, tag: string): void {
  const renamed = document.createElement(tag);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

function wrapContent(element: Element, tag: string): void {
  if (!element.hasChildNodes()) return;
  const wrapper = document.createElement(tag);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}
