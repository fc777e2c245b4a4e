import { HELD_STYLE } from './held-styles.ts';

/** `mso-list:l0 level2 lfo1`: the list, how deep the item is in it, and which formatting. */
const MSO_LIST = /mso-list:\s*(l\d+)\s+level(\d+)/i;
/** What stands before an item that counts: `1.`, `a)`, `iv.`, in parentheses or not. */
const COUNTING = /^\(?(\d+|[a-z]{1,4})[.)]/i;

/** Makes lists of the paragraphs that Word has for their items. */
export function wordLists(body: HTMLElement): void {
  /** The lists that the last item is in, the outermost first. */
  let open: { readonly list: HTMLElement; readonly id: string; readonly level: number }[] = [];
  let last: Element | undefined;
  for (const paragraph of [...body.querySelectorAll<HTMLElement>('p, h1, h2, h3, h4, h5, h6')]) {
    const match = MSO_LIST.exec(paragraph.getAttribute(HELD_STYLE) ?? '');
    if (!match || /^H/.test(paragraph.tagName)) {
      if (match) takeMarker(paragraph);
      continue;
    }
    const [, id = '', depth] = match;
    const level = Number(depth);
    const marker = takeMarker(paragraph);
    if (open[0]?.id !== id || last?.nextElementSibling !== paragraph) open = [];
    while ((open.at(-1)?.level ?? 0) > level) open.pop();
    if ((open.at(-1)?.level ?? 0) < level) {
      const list = document.createElement(COUNTING.test(marker) ? 'ol' : 'ul');
      const start = Number.parseInt(marker, 10);
      if (list.tagName === 'OL' && start > 1) list.setAttribute('start', String(start));
      const parent = open.at(-1)?.list.lastElementChild;
      if (parent) parent.append(list);
      else paragraph.before(list);
      open.push({ list, id, level });
    }
    const item = document.createElement('li');
    const text = document.createElement('p');
    text.append(...paragraph.childNodes);
    item.append(text);
    open.at(-1)?.list.append(item);
    paragraph.remove();
    last = open[0]?.list;
  }
}

/** Takes the bullet or number out, which Word writes as text. */
function takeMarker(paragraph: HTMLElement): string {
  const markers = [...paragraph.querySelectorAll<HTMLElement>('span')].filter((span) =>
    /mso-list:\s*ignore/i.test(span.getAttribute(HELD_STYLE) ?? ''),
  );
  const text = markers[0]?.textContent ?? '';
  for (const marker of markers) marker.remove();
  return text.trim();
}
