import { Node } from '@tiptap/core';
import { attribute, oneOf } from './attributes.ts';

export const CALLOUT_KINDS = ['info', 'success', 'warning', 'danger'] as const;

const Callout = Node.create({
  name: 'callout',
  group: 'block',
  content: 'block+',
  defining: true,
  addAttributes: () => attribute('kind', { default: 'info', read: oneOf(CALLOUT_KINDS) }),
  parseHTML: () => [{ tag: 'div[data-type="callout"]' }],
  renderHTML: ({ HTMLAttributes }) => ['div', { 'data-kind': 'info', ...HTMLAttributes, 'data-type': 'callout' }, 0],
});

/** What can be folded up. Whether it is open is nobody's business but mine, and not in the document. */
const Details = Node.create({
  name: 'details',
  group: 'block',
  content: 'detailsSummary detailsContent',
  defining: true,
  isolating: true,
  allowGapCursor: false,
  parseHTML: () => [{ tag: 'details' }],
  renderHTML: ({ HTMLAttributes }) => ['details', HTMLAttributes, 0],
} as Parameters<typeof Node.create>[0]);

const DetailsSummary = Node.create({
  name: 'detailsSummary',
  content: 'text*',
  defining: true,
  selectable: false,
  isolating: true,
  parseHTML: () => [{ tag: 'summary' }],
  renderHTML: () => ['summary', 0],
});

const DetailsContent = Node.create({
  name: 'detailsContent',
  content: 'block+',
  defining: true,
  selectable: false,
  parseHTML: () => [{ tag: 'div[data-type="detailsContent"]' }],
  renderHTML: () => ['div', { 'data-type': 'detailsContent' }, 0],
});

export const blocks = [Callout, Details, DetailsSummary, DetailsContent];
