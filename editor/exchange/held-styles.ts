/** Where the style of an element is while what was pasted is looked at. */
export const HELD_STYLE = 'data-held-style';

/** What is no text to read, and holds no tags. */
const RAW: ReadonlySet<string> = new Set(['style', 'script', 'title', 'textarea', 'iframe', 'noembed', 'noframes']);

const NAME = /[a-z][^\s/>]*/iy;
const ATTRIBUTE = /[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>][^\s>]*)?)?/y;

/**
 * Gives the styles in HTML another name, and takes style sheets, scripts and handlers out, before it is parsed: also in a
 * document that nobody sees, a browser reports each of them that the page's policy refuses, a hundred for a page of
 * Word's. The text alone is read here, as the HTML standard has tags; what it means is found out by the real parser.
 */
export function holdStyles(html: string): string {
  const kept: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    kept.push(html.slice(at, open));
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 2);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const name = matchAt(NAME, html, open + 1)?.[0];
    if (name === undefined) {
      kept.push('<');
      at = open + 1;
      continue;
    }
    const tag = readTag(html, open + 1 + name.length);
    at = tag.end;
    if (RAW.has(name.toLowerCase())) at = behindRaw(html, at, name);
    else kept.push('<', name, ...tag.attributes);
  }
  kept.push(html.slice(at));
  return kept.join('');
}

/** The attributes of a tag, from behind its name; the last of them goes on with what ends the tag. */
function readTag(html: string, start: number): { attributes: string[]; end: number } {
  const attributes: string[] = [];
  let end = start;
  for (let found = matchAt(ATTRIBUTE, html, end); found; found = matchAt(ATTRIBUTE, html, end)) {
    const [whole, name = ''] = found;
    end += whole.length;
    if (/^on/i.test(name)) continue;
    attributes.push(/^style$/i.test(name) ? whole.replace(name, HELD_STYLE) : whole);
  }
  return { attributes, end };
}

function behindRaw(html: string, start: number, name: string): number {
  const close = new RegExp(`</${name}[^>]*>`, 'gi');
  close.lastIndex = start;
  return close.exec(html) ? close.lastIndex : html.length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
