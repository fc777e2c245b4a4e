import { type Attributes, Node } from '@tiptap/core';
import { oneOf, type Read, text, wholeNumber } from './attributes.ts';

const readText = text(1000);
const readSize = wholeNumber(1, 10_000);

/** Where an image may come from: a web server, or the document itself. */
export const readImageSource: Read<string> = (value) => {
  if (typeof value !== 'string') return undefined;
  try {
    const { protocol } = new URL(value, 'https://page.invalid');
    return /^https?:$/.test(protocol) || /^data:image\/(png|jpeg|gif|webp|avif)[;,]/i.test(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

export const Image = Node.create({
  name: 'image',
  group: 'block',
  draggable: true,
  addAttributes: () => ({
    ...ofImage('src', readImageSource),
    ...ofImage('alt', readText),
    ...ofImage('title', readText),
    ...ofImage('width', readSize),
    ...ofImage('height', readSize),
    // Where it stands in its line; at the start unless it says so.
    ...ofImage('align', oneOf(['center', 'end'] as const), 'data-align'),
    caption: {
      default: null,
      parseHTML: (element) => readText(element.querySelector('figcaption')?.textContent) ?? null,
      rendered: false,
    },
  }),
  parseHTML: () => [{ tag: 'figure', getAttrs: (element) => (imageIn(element) ? null : false) }, { tag: 'img[src]' }],
  renderHTML: ({ node, HTMLAttributes }) => {
    const caption = readText(node.attrs['caption']);
    const image = ['img', HTMLAttributes] as const;
    return caption === undefined ? image : ['figure', image, ['figcaption', caption]];
  },
});

/** An attribute of the `img`, which may stand in a figure. */
function ofImage<T>(name: string, read: Read<T>, html = name): Attributes {
  return {
    [name]: {
      default: null,
      parseHTML: (element) => read(imageIn(element)?.getAttribute(html)) ?? null,
      renderHTML: (attributes) => {
        const value = read(attributes[name]);
        return value === undefined ? {} : { [html]: value };
      },
    },
  };
}

function imageIn(element: HTMLElement): Element | null {
  return element.tagName === 'IMG' ? element : element.querySelector('img[src]');
}
