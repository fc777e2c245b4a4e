import { getSchema } from '@tiptap/core';
import { Node } from '@tiptap/pm/model';
import { describe, expect, it, test } from 'vitest';
import { readMarkdown } from '../../editor/exchange/markdown-reader.ts';
import { writeMarkdown } from '../../editor/exchange/markdown-writer.ts';
import { editorExtensions } from '../../editor/extensions.ts';
import { seededRandom } from '../support/random.ts';

const schema = getSchema(editorExtensions());

interface Json {
  type: string;
  attrs?: Record<string, unknown>;
  content?: Json[];
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  text?: string;
}

const p = (...content: (Json | string)[]): Json => ({ type: 'paragraph', ...inline(content) });
const text = (value: string, ...marks: string[]): Json => ({
  type: 'text',
  text: value,
  marks: marks.map((type) => ({ type })),
});
const node = (type: string, attrs: Record<string, unknown>, ...content: Json[]): Json => ({
  type,
  attrs,
  ...(content.length > 0 && { content }),
});

function inline(content: (Json | string)[]): { content?: Json[] } {
  return content.length === 0 ? {} : { content: content.map((part) => (typeof part === 'string' ? text(part) : part)) };
}

const docOf = (...content: Json[]): Node => Node.fromJSON(schema, { type: 'doc', content });
const read = (markdown: string): Node => readMarkdown(schema, markdown);

const EXAMPLES: [string, Json[]][] = [
  [
    '# One\n\n## Two *and* more',
    [
      node('heading', { level: 1 }, text('One')),
      node('heading', { level: 2 }, text('Two '), text('and', 'italic'), text(' more')),
    ],
  ],
  [
    'a **b** *c* ~~d~~ `e` <u>f</u> <mark>g</mark> H<sub>2</sub>O x<sup>2</sup>',
    [
      p(
        'a ',
        text('b', 'bold'),
        ' ',
        text('c', 'italic'),
        ' ',
        text('d', 'strike'),
        ' ',
        text('e', 'code'),
        ' ',
        text('f', 'underline'),
        ' ',
        text('g', 'highlight'),
        ' H',
        text('2', 'subscript'),
        'O x',
        text('2', 'superscript'),
      ),
    ],
  ],
  [
    '- one\n- two\n  1. three\n  2. four',
    [
      node(
        'bulletList',
        {},
        node('listItem', {}, p('one')),
        node(
          'listItem',
          {},
          p('two'),
          node('orderedList', { start: 1 }, node('listItem', {}, p('three')), node('listItem', {}, p('four'))),
        ),
      ),
    ],
  ],
  [
    '- [ ] to do\n- [x] done',
    [
      node(
        'taskList',
        {},
        node('taskItem', { checked: false }, p('to do')),
        node('taskItem', { checked: true }, p('done')),
      ),
    ],
  ],
  [
    '```ts\nconst a = 1;\n\n# no heading\n```',
    [node('codeBlock', { language: 'ts' }, text('const a = 1;\n\n# no heading'))],
  ],
  ['> said\n>\n> and said', [node('blockquote', {}, p('said'), p('and said'))]],
  ['> [!WARNING]\n> Mind the gap.', [node('callout', { kind: 'warning' }, p('Mind the gap.'))]],
  ['---', [node('horizontalRule', {})]],
  [
    '![A cat](https://example.com/cat.png "On a mat")',
    [node('image', { src: 'https://example.com/cat.png', alt: 'A cat', caption: 'On a mat' })],
  ],
  [
    '| a | b |\n| --- | :-: |\n| c \\| d | *e* |',
    [
      node(
        'table',
        {},
        node(
          'tableRow',
          {},
          node('tableHeader', {}, p('a')),
          node('tableHeader', {}, { ...p('b'), attrs: { textAlign: 'center' } }),
        ),
        node(
          'tableRow',
          {},
          node('tableCell', {}, p('c | d')),
          node('tableCell', {}, { ...p(text('e', 'italic')), attrs: { textAlign: 'center' } }),
        ),
      ),
    ],
  ],
  [
    '<details>\n<summary>More</summary>\n\nHidden *text*\n\n</details>',
    [
      node(
        'details',
        {},
        node('detailsSummary', {}, text('More')),
        node('detailsContent', {}, p('Hidden ', text('text', 'italic'))),
      ),
    ],
  ],
  [
    '$$\n\\frac{1}{2}\n$$\n\nand $x^2$ here',
    [node('blockMath', { latex: '\\frac{1}{2}' }), p('and ', node('inlineMath', { latex: 'x^2' }), ' here')],
  ],
  ['one\\\ntwo', [p('one', node('hardBreak', {}), 'two')]],
  [
    '[a link](https://example.com/)',
    [p({ type: 'text', text: 'a link', marks: [{ type: 'link', attrs: { href: 'https://example.com/' } }] })],
  ],
];

describe('Markdown', () => {
  it.each(EXAMPLES)('%j is read and written as it is', (markdown, content) => {
    expect(read(markdown).toJSON()).toEqual(docOf(...content).toJSON());
    expect(writeMarkdown(read(markdown))).toBe(markdown);
  });

  it.each([
    ['costs $5 or $10', 'costs $5 or $10'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['a <u>b', 'a <u>b'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
    ['<details>\n<summary>no end</summary>', '<details> <summary>no end</summary>'],
  ])('%j has no meaning beside its text', (markdown, shown) => {
    expect(read(markdown).textBetween(0, read(markdown).content.size, '\n').replaceAll('\n', ' ')).toBe(shown);
    const marks = new Set<string>();
    read(markdown).descendants((child) => {
      for (const mark of child.marks) marks.add(mark.type.name);
    });
    expect([...marks]).toEqual([]);
  });

  it('a mark whose end is lost ends with its block', () => {
    const doc = read('a <u>b `</u>`\n\nnext');
    expect(doc.lastChild?.firstChild?.marks).toEqual([]);
  });

  it('an image in the middle of a text is a link', () => {
    expect(read('see ![the cat](https://example.com/c.png) there').toJSON()).toEqual(
      docOf(
        p(
          'see ',
          { type: 'text', text: 'the cat', marks: [{ type: 'link', attrs: { href: 'https://example.com/c.png' } }] },
          ' there',
        ),
      ).toJSON(),
    );
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('random documents come back as they were (seed %i)', (seed) => {
    const random = seededRandom(seed);
    for (let i = 0; i < 150; i++) {
      const doc = randomDocument(random);
      doc.check();
      const markdown = writeMarkdown(doc);
      expect(read(markdown).toJSON(), markdown).toEqual(doc.toJSON());
    }
  });

  test.each([1, 2])('any text is read as a valid document (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const pieces = [
      '#',
      ' ',
      '\n',
      '\n\n',
      '- ',
      '[ ] ',
      '> ',
      '[!NOTE]',
      '|',
      '---',
      '```',
      '$$',
      '$',
      '<details>',
      '</details>',
      '<summary>',
      '</summary>',
      '<u>',
      '</u>',
      '<br>',
      '*',
      '**',
      '_',
      '![',
      '](',
      ')',
      'a',
      'b1',
      '  ',
      '    ',
      '1. ',
      '\\',
      '`',
      '~~',
      '&amp;',
      '\t',
      '\r\n',
      '\0',
    ];
    for (let i = 0; i < 300; i++) {
      const markdown = Array.from({ length: 40 }, () => pick(random, pieces)).join('');
      expect(() => read(markdown).check(), JSON.stringify(markdown)).not.toThrow();
    }
  });

  it('reads a long text in time that grows with its length', () => {
    const before = performance.now();
    read('<details>\n<summary>a</summary>\n\n'.repeat(2_000));
    read(`${'$a '.repeat(20_000)}`);
    read(`${'<u>'.repeat(20_000)}</u>`);
    read(`- [ ] a\n`.repeat(10_000));
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

type Random = () => number;

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

const WORDS = [
  'word',
  'a_b_c',
  '2 * 3 * 4',
  '# no',
  '- no',
  '1. no',
  'x | y',
  '<u>',
  '&amp;',
  '$5',
  '`tick`',
  '[x]',
  'http',
  '*',
  '_',
  '~~',
  '!',
  '> no',
  '+ no',
  '\\',
  'é😀',
  'a.',
  '===',
  '---',
  '$$',
  '[!NOTE]',
  'end\\',
  '||',
  '~',
];

function randomText(random: Random): string {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, WORDS)).join(' ');
}

function randomInline(random: Random, plain = false): Json[] {
  const parts: Json[] = [];
  const count = 1 + Math.floor(random() * 4);
  for (let i = 0; i < count; i++) {
    const kind = random();
    // Words between what is marked: Markdown can't mark in the middle of every word.
    if (i > 0) parts.push(text(' and '));
    if (kind < 0.4 || plain) parts.push(text(randomText(random)));
    else if (kind < 0.5) parts.push(node('inlineMath', { latex: pick(random, ['x^2', 'a+b', '\\alpha']) }));
    else if (kind < 0.58) parts.push(text('word'), node('hardBreak', {}), text(randomText(random)));
    else if (kind < 0.66)
      parts.push({
        ...text(pick(random, ['link', 'two words'])),
        marks: [
          {
            type: 'link',
            attrs: { href: pick(random, ['https://example.com/', 'https://example.com/a_(b)?c=d&e=f']) },
          },
        ],
      });
    else if (kind < 0.74) parts.push(text(pick(random, ['code', 'a `b` c', '``', ' a ', '<b>', '|']), 'code'));
    else
      parts.push(
        text(
          pick(random, ['word', 'two words', 'a*b', 'x_y']),
          pick(random, ['bold', 'italic', 'strike', 'underline', 'highlight', 'subscript', 'superscript']),
        ),
      );
  }
  return parts;
}

function randomBlocks(random: Random, depth: number): Json[] {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomBlock(random, depth));
}

function randomBlock(random: Random, depth: number): Json {
  const paragraph = (): Json => ({ type: 'paragraph', content: randomInline(random) });
  const kind = depth > 2 ? 0 : Math.floor(random() * 13);
  const some = (make: () => Json): Json[] => Array.from({ length: 1 + Math.floor(random() * 3) }, make);
  switch (kind) {
    case 1:
      return node('heading', { level: 1 + Math.floor(random() * 6) }, ...randomInline(random));
    case 2:
      return node('blockquote', {}, paragraph(), ...randomBlocks(random, depth + 1));
    case 3:
      return node(
        'codeBlock',
        { language: pick(random, [null, 'ts', 'c++']) },
        text(pick(random, ['code', 'a\n\n  b', '```\n````', '# x\n- y\n', '\tz'])),
      );
    case 4:
      return node(
        'bulletList',
        {},
        ...some(() => node('listItem', {}, paragraph(), ...(random() < 0.3 ? randomBlocks(random, depth + 1) : []))),
      );
    case 5:
      return node(
        'orderedList',
        { start: pick(random, [1, 3, 9]) },
        ...some(() => node('listItem', {}, paragraph(), ...(random() < 0.3 ? randomBlocks(random, depth + 1) : []))),
      );
    case 6:
      return node(
        'taskList',
        {},
        ...some(() =>
          node(
            'taskItem',
            { checked: random() < 0.5 },
            paragraph(),
            ...(random() < 0.3 ? randomBlocks(random, depth + 1) : []),
          ),
        ),
      );
    case 7:
      return node('horizontalRule', {});
    case 8:
      return node('image', {
        src: pick(random, ['https://example.com/a.png', '/api/documents/d/files/a%20b.png']),
        alt: pick(random, [null, 'alt', 'a [b] *c*']),
        caption: pick(random, [null, 'Caption', 'say "x" \\']),
      });
    case 9:
      return node(
        'callout',
        { kind: pick(random, ['info', 'success', 'warning', 'danger']) },
        paragraph(),
        ...randomBlocks(random, depth + 1),
      );
    case 10:
      return node(
        'details',
        {},
        node('detailsSummary', {}, ...randomInline(random, true)),
        node('detailsContent', {}, ...randomBlocks(random, depth + 1)),
      );
    case 11:
      return node('blockMath', { latex: pick(random, ['x^2', '\\frac{a}{b}\n+ c']) });
    case 12: {
      const width = 1 + Math.floor(random() * 3);
      const row = (type: string): Json =>
        node('tableRow', {}, ...Array.from({ length: width }, () => node(type, {}, paragraph())));
      return node('table', {}, row('tableHeader'), ...some(() => row('tableCell')));
    }
    default:
      return paragraph();
  }
}

function randomDocument(random: Random): Node {
  return docOf(...randomBlocks(random, 0), ...randomBlocks(random, 0));
}
