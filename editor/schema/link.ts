import { type Attributes, Mark, mergeAttributes } from '@tiptap/core';
import type {} from '@tiptap/extension-link';
import { isSafeLink } from '../safe-link.ts';

/** How a link that leads somewhere else does no harm to the page that it is on. */
const OUTWARD = { target: '_blank', rel: 'noopener noreferrer nofollow' };

/**
 * A link, with the attributes and commands of Tiptap's. What makes links of addresses that are typed or pasted is in
 * nodes/automatic-links.ts: it knows all top-level domains of the world, and is as large as all the rest of the schema.
 */
export const Link = Mark.create({
  name: 'link',
  // Outermost: what is within is one link, whatever else it is.
  priority: 1000,
  keepOnSplit: false,
  exitable: true,
  inclusive: true,
  addAttributes: (): Attributes => ({
    href: { default: null },
    target: { default: OUTWARD.target },
    rel: { default: OUTWARD.rel },
    class: { default: null },
    title: { default: null },
  }),
  parseHTML: () => [
    { tag: 'a[href]', getAttrs: (element) => (isSafeLink(element.getAttribute('href')) ? null : false) },
  ],
  renderHTML: ({ HTMLAttributes }) => {
    const href = isSafeLink(HTMLAttributes['href']) ? HTMLAttributes['href'] : '';
    return ['a', mergeAttributes(OUTWARD, { ...HTMLAttributes, href }), 0];
  },
  addCommands() {
    const { name } = this;
    // Who says what is a link does not want it made one once more.
    const meta = ['preventAutolink', true] as const;
    return {
      setLink:
        (attributes) =>
        ({ chain }) =>
          isSafeLink(attributes.href) &&
          chain()
            .setMark(name, attributes)
            .setMeta(...meta)
            .run(),
      toggleLink:
        (attributes) =>
        ({ chain }) =>
          (!attributes || isSafeLink(attributes.href)) &&
          chain()
            .toggleMark(name, attributes, { extendEmptyMarkRange: true })
            .setMeta(...meta)
            .run(),
      unsetLink:
        () =>
        ({ chain }) =>
          chain()
            .unsetMark(name, { extendEmptyMarkRange: true })
            .setMeta(...meta)
            .run(),
    };
  },
});
