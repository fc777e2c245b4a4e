import { type Attributes, Node, type NodeConfig } from '@tiptap/core';
import { attribute, oneOf, type Read, strictly, wholeNumber } from './attributes.ts';
import { ALIGNMENTS } from './block-attributes.ts';

/** More than anybody spans, and few enough to count through. */
const MAX_COLSPAN = 100;
const MAX_ROWSPAN = 1000;
const MAX_WIDTH = 10_000;

/** The widths in pixels of the columns that a cell is in; 0 where it is left open. As a list, or `12,0` in HTML. */
const readWidths: Read<number[]> = (value) => {
  const list: unknown = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(list) || list.length > MAX_COLSPAN) return undefined;
  const widths = list.map((width) => (typeof value === 'string' ? Number(width) : (width ?? 0)));
  return widths.every((width) => typeof width === 'number' && width >= 0 && width <= MAX_WIDTH) ? widths : undefined;
};

const Table = Node.create({
  name: 'table',
  group: 'block',
  content: 'tableRow+',
  isolating: true,
  tableRole: 'table',
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: ({ HTMLAttributes }) => ['table', HTMLAttributes, ['tbody', 0]],
  // For all that have one: the code that edits tables knows them by it.
  extendNodeSchema: (extension) => {
    const { tableRole } = extension.config as { tableRole?: string };
    return tableRole === undefined ? {} : { tableRole };
  },
} as NodeConfig);

const TableRow = Node.create({
  name: 'tableRow',
  content: '(tableCell | tableHeader)*',
  tableRole: 'row',
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: ({ HTMLAttributes }) => ['tr', HTMLAttributes, 0],
} as NodeConfig);

const TableCell = Node.create(cell('tableCell', 'td', 'cell'));
const TableHeader = Node.create(cell('tableHeader', 'th', 'header_cell'));

function cell(name: string, tag: string, tableRole: string): NodeConfig {
  return {
    name,
    content: 'block+',
    isolating: true,
    tableRole,
    addAttributes: cellAttributes,
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  } as NodeConfig;
}

function cellAttributes(): Attributes {
  return {
    ...attribute('colspan', { default: 1, read: wholeNumber(1, MAX_COLSPAN), html: 'colspan', strict: true }),
    ...attribute('rowspan', { default: 1, read: wholeNumber(1, MAX_ROWSPAN), html: 'rowspan', strict: true }),
    colwidth: {
      default: null,
      parseHTML: (element) => {
        const widths = readWidths(element.getAttribute('data-colwidth') ?? element.getAttribute('colwidth'));
        return widths?.length === (wholeNumber(1, MAX_COLSPAN)(element.getAttribute('colspan')) ?? 1) ? widths : null;
      },
      renderHTML: ({ colwidth }) => {
        const widths = readWidths(colwidth);
        return widths ? { 'data-colwidth': widths.join() } : {};
      },
      validate: strictly('colwidth', null, readWidths),
    },
    // Written by Tiptap's tables; here the paragraphs in a cell have an alignment.
    ...attribute('align', { default: null, read: oneOf(ALIGNMENTS), html: 'align' }),
  };
}

export const tables = [Table, TableRow, TableCell, TableHeader];
