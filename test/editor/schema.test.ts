import { getSchema } from '@tiptap/core';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { editorExtensions } from '../../editor/extensions.ts';
import { SchemaGuard } from '../../editor/schema-guard.ts';

const schema = getSchema(editorExtensions());

/** The HTML of a node, as a specification: a node of `name` with these attributes, whatever they are. */
function htmlOf(name: string, attributes: Record<string, unknown>): unknown {
  return schema.nodes[name]?.spec.toDOM?.(schema.nodes[name].create(attributes));
}

function htmlOfMark(name: string, attributes: Record<string, unknown>): unknown {
  return schema.marks[name]?.spec.toDOM?.(schema.marks[name].create(attributes), true);
}

/** What the guard says of a table whose one cell has this attribute. */
function guardOn(attribute: string, value: unknown) {
  const cell = new Y.XmlElement('tableCell');
  cell.setAttribute(attribute, value as string);
  const row = new Y.XmlElement('tableRow');
  row.insert(0, [cell]);
  const table = new Y.XmlElement('table');
  table.insert(0, [row]);
  const fragment = new Y.Doc().getXmlFragment('default');
  fragment.insert(0, [table]);
  return new SchemaGuard(fragment, schema).findAnywhere();
}

describe('the schema', () => {
  it('has all nodes and marks that a document of version 2 can have', () => {
    expect(Object.keys(schema.nodes)).toEqual(
      expect.arrayContaining([
        ...['table', 'tableRow', 'tableHeader', 'tableCell', 'image', 'taskList', 'taskItem', 'codeBlock'],
        ...['details', 'detailsSummary', 'detailsContent', 'inlineMath', 'blockMath', 'mention', 'callout'],
      ]),
    );
    expect(Object.keys(schema.marks)).toEqual(
      expect.arrayContaining(['highlight', 'textStyle', 'subscript', 'superscript']),
    );
  });

  it('adds nothing to what is in a document of version 1: every new attribute of it is absent', () => {
    for (const name of ['paragraph', 'heading', 'blockquote', 'bulletList', 'orderedList', 'horizontalRule']) {
      const attributes = schema.nodes[name]?.create().attrs ?? {};
      for (const added of ['id', 'textAlign']) expect(attributes[added] ?? null).toBeNull();
    }
  });
});

describe('a table', () => {
  /** What the guard says of a table with these cells in its rows, as colspan and rowspan. */
  function guardOnTable(rows: readonly (readonly (readonly [number, number])[])[]) {
    const table = new Y.XmlElement('table');
    table.insert(
      0,
      rows.map((cells) => {
        const row = new Y.XmlElement('tableRow');
        row.insert(
          0,
          cells.map(([colspan, rowspan]) => {
            const cell = new Y.XmlElement('tableCell');
            cell.setAttribute('colspan', colspan as never);
            cell.setAttribute('rowspan', rowspan as never);
            return cell;
          }),
        );
        return row;
      }),
    );
    const fragment = new Y.Doc().getXmlFragment('default');
    fragment.insert(0, [table]);
    const guard = new SchemaGuard(fragment, schema);
    const found = guard.findAnywhere();
    expect(new SchemaGuard(fragment, schema).findIn([table.get(0)])).toEqual(found);
    return found;
  }
  const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

  it('may be as large as people make them', () => {
    expect(guardOnTable(repeat(200, repeat(30, [1, 1] as const)))).toBeUndefined();
    expect(guardOnTable([[[100, 1000]], ...repeat(1000, [[1, 1] as const])])).toBeUndefined();
  });

  it('is not edited when few cells span what nobody could count', () => {
    const found = { kind: 'attribute', name: 'table.size' };
    expect(guardOnTable([repeat(1000, [1, 1] as const), ...repeat(1000, [[1, 1] as const])])).toEqual(found);
    expect(guardOnTable([repeat(20, [100, 1] as const), ...repeat(500, [[1, 1] as const])])).toEqual(found);
    expect(guardOnTable(repeat(100, [[100, 1000] as const]))).toEqual(found);
  });
});

describe('a hostile attribute', () => {
  it.each([
    ['colspan', '999999999'],
    ['colspan', '2'],
    ['colspan', 999_999_999],
    ['colspan', 1.5],
    ['colspan', 0],
    ['colspan', -1],
    ['colspan', Number.NaN],
    ['rowspan', 1001],
    ['rowspan', '1e9'],
    ['colwidth', '100'],
    ['colwidth', Array.from({ length: 101 }, () => 1)],
    ['colwidth', ['100']],
    ['colwidth', [-1]],
    ['colwidth', [1e9]],
  ])('that tables would not survive is not edited: %s of %j', (attribute, value) => {
    expect(guardOn(attribute, value)).toEqual({ kind: 'attribute', name: `tableCell.${attribute}` });
  });

  it.each([
    ['colspan', 1],
    ['colspan', 100],
    ['rowspan', 1000],
    ['colwidth', [120, 0]],
    ['colwidth', [120.5]],
    ['align', 'left'],
  ])('is none when it is in bounds: %s of %j', (attribute, value) => {
    expect(guardOn(attribute, value)).toBeUndefined();
  });

  it('is left out of the page', () => {
    expect(() => htmlOf('tableCell', { colspan: '" onclick="' })).toThrow(RangeError);
    expect(htmlOf('tableCell', { align: 'url(x)' })).toEqual(['td', {}, 0]);
    expect(htmlOf('paragraph', { textAlign: 'left; background: url(//evil.example)' })).toEqual(['p', {}, 0]);
    expect(htmlOf('paragraph', { id: 'a b' })).toEqual(['p', {}, 0]);
    expect(htmlOf('image', { src: 'javascript:alert(1)', alt: { x: 1 }, width: '9e9' })).toEqual(['img', {}]);
    expect(htmlOf('image', { src: 'data:text/html,<script>' })).toEqual(['img', {}]);
    expect(htmlOf('image', { src: ' java\nscript:alert(1)' })).toEqual(['img', {}]);
    expect(htmlOf('callout', { kind: 'x" onclick="' })).toEqual([
      'div',
      { 'data-kind': 'info', 'data-type': 'callout' },
      0,
    ]);
    expect(htmlOf('mention', { id: ['a'], label: 7 })).toEqual(['span', { 'data-type': 'mention' }, '@']);
    expect(htmlOf('inlineMath', { latex: {} })).toEqual(['span', { 'data-type': 'inline-math' }, ['code', '']]);
    for (const color of ['red; background: url(//evil.example)', 'url(x)', 'var(--x)', 'expression(1)', 7, {}]) {
      expect(htmlOfMark('highlight', { color })).toEqual(['mark', {}, 0]);
      expect(htmlOfMark('textStyle', { color })).toEqual(['span', {}, 0]);
    }
  });

  it('is none when it is ordinary', () => {
    expect(htmlOf('tableCell', { colspan: 2, colwidth: [80, 0] })).toEqual([
      'td',
      { colspan: '2', 'data-colwidth': '80,0' },
      0,
    ]);
    expect(htmlOf('paragraph', { textAlign: 'right', id: 'b1' })).toEqual([
      'p',
      { style: 'text-align: right', 'data-id': 'b1' },
      0,
    ]);
    for (const src of ['/files/1', 'https://example.org/a.png', 'data:image/png;base64,AAAA']) {
      expect(htmlOf('image', { src, caption: 'A' })).toEqual(['figure', ['img', { src }], ['figcaption', 'A']]);
    }
    expect(htmlOfMark('highlight', { color: 'green' })).toEqual(['mark', { 'data-color': 'green' }, 0]);
    expect(htmlOfMark('textStyle', { color: '#ab12ef' })).toEqual([
      'span',
      { 'data-color': '#ab12ef', style: 'color: #ab12ef' },
      0,
    ]);
  });
});
