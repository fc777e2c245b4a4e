import { getSchema } from '@tiptap/core';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { editorExtensions } from '../../editor/extensions.ts';
import { SchemaGuard } from '../../editor/schema-guard.ts';

const schema = getSchema(editorExtensions());

interface Scene {
  readonly doc: Y.Doc;
  readonly fragment: Y.XmlFragment;
  readonly guard: SchemaGuard;
  /** What the guard finds of what `change` changed. */
  after(change: () => void): ReturnType<SchemaGuard['findIn']>;
}

/** A document with a heading and a paragraph that says "one two", looked through once. */
function setScene(): Scene {
  const doc = new Y.Doc();
  const fragment = doc.getXmlFragment('default');
  const heading = element('heading', { level: 2 }, 'Title');
  const paragraph = element('paragraph', {}, 'one two');
  fragment.insert(0, [heading, paragraph]);
  const guard = new SchemaGuard(fragment, schema);
  expect(guard.findAnywhere()).toBeUndefined();
  return {
    doc,
    fragment,
    guard,
    after(change) {
      const touched = new Set<object>();
      const collect = ({ changed }: Y.Transaction): void => {
        for (const type of changed.keys()) touched.add(type);
      };
      doc.on('afterTransaction', collect);
      change();
      doc.off('afterTransaction', collect);
      const found = guard.findIn(touched);
      expect(new SchemaGuard(fragment, schema).findAnywhere()).toEqual(found);
      return found;
    },
  };
}

function element(name: string, attributes: Record<string, unknown>, ...content: (string | Y.XmlElement)[]) {
  const made = new Y.XmlElement<Record<string, string>>(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value as string);
  made.insert(
    0,
    content.map((part) => (typeof part === 'string' ? new Y.XmlText(part) : part)),
  );
  return made as Y.XmlElement;
}

const paragraphOf = ({ fragment }: Scene) => fragment.get(1) as Y.XmlElement;
const textOf = (scene: Scene) => paragraphOf(scene).get(0) as Y.XmlText;

describe('the schema guard', () => {
  it('knows all that the editor writes', () => {
    const scene = setScene();
    expect(
      scene.after(() => {
        scene.fragment.insert(2, [
          element('bulletList', {}, element('listItem', {}, element('paragraph', {}, 'item'))),
          element('orderedList', { start: 3, type: null }, element('listItem', {}, element('paragraph', {}, 'item'))),
          element('codeBlock', { language: 'ts' }, 'code'),
          element('horizontalRule', {}),
          element('blockquote', {}, element('paragraph', {}, 'quote')),
        ]);
        paragraphOf(scene).insert(1, [element('hardBreak', {})]);
        textOf(scene).format(0, 3, { bold: {}, link: { href: 'https://example.org', class: null } });
        textOf(scene).format(4, 3, { code: true });
      }),
    ).toBeUndefined();
  });

  it('finds an unknown node, also deep in what is new, and in what was there before', () => {
    const scene = setScene();
    const verse = () => element('verse', { tone: 'calm' }, element('paragraph', {}, 'hello'));
    expect(scene.after(() => scene.fragment.insert(1, [verse()]))).toEqual({ kind: 'node', name: 'verse' });
    scene.fragment.delete(1);
    expect(scene.after(() => scene.fragment.insert(0, [element('blockquote', {}, verse())]))).toEqual({
      kind: 'node',
      name: 'verse',
    });
    scene.fragment.delete(0);
    expect(scene.after(() => paragraphOf(scene).push([element('footnote', {})]))).toEqual({
      kind: 'node',
      name: 'footnote',
    });
  });

  it('finds an unknown mark, also one that may overlap itself', () => {
    const scene = setScene();
    expect(scene.after(() => textOf(scene).format(0, 3, { comment: { id: 1 } }))).toEqual({
      kind: 'mark',
      name: 'comment',
    });
    textOf(scene).format(0, 3, { comment: null });
    expect(scene.after(() => textOf(scene).format(2, 3, { 'comment--abcdEFG=': { id: 1 } }))).toEqual({
      kind: 'mark',
      name: 'comment',
    });
  });

  it('finds an unknown attribute of a node and of a mark', () => {
    const scene = setScene();
    expect(scene.after(() => paragraphOf(scene).setAttribute('indent', '4'))).toEqual({
      kind: 'attribute',
      name: 'paragraph.indent',
    });
    paragraphOf(scene).removeAttribute('indent');
    expect(scene.after(() => textOf(scene).format(0, 3, { link: { href: '/', preview: 'x' } }))).toEqual({
      kind: 'attribute',
      name: 'link.preview',
    });
  });

  it('finds what is no text in a text, and what is no element', () => {
    const scene = setScene();
    expect(scene.after(() => textOf(scene).insertEmbed(1, { image: 'x' }))).toMatchObject({ kind: 'node' });
    const hooked = setScene();
    expect(hooked.after(() => hooked.fragment.insert(0, [new Y.XmlHook('widget') as never]))).toEqual({
      kind: 'node',
      name: 'widget',
    });
  });

  it('does not mind what was deleted, and what is not in the text', () => {
    const scene = setScene();
    expect(
      scene.after(() => {
        scene.fragment.insert(0, [element('verse', {})]);
        scene.fragment.delete(0);
        scene.doc.getMap('comments').set('verse', 1);
        scene.doc.getXmlFragment('other').insert(0, [element('verse', {})]);
      }),
    ).toBeUndefined();
  });

  it('looks only at what changed', () => {
    const scene = setScene();
    const many = Array.from({ length: 2000 }, (_, i) => element('paragraph', {}, `paragraph ${i}`));
    expect(scene.after(() => scene.fragment.push(many))).toBeUndefined();
    // Of plain text it sees at a glance that there is nothing to look at.
    const makeBold = (text: unknown): void => (text as Y.XmlText).format(0, 4, { bold: {} });
    const bold = (): void => [textOf(scene), ...many.map((paragraph) => paragraph.get(0))].forEach(makeBold);
    expect(scene.after(bold)).toBeUndefined();
    let looks = 0;
    const toDelta = Y.XmlText.prototype.toDelta;
    Y.XmlText.prototype.toDelta = function (...args) {
      looks++;
      return toDelta.apply(this, args);
    };
    try {
      textOf(scene).insert(0, 'x');
      expect(scene.guard.findIn([textOf(scene), scene.fragment])).toBeUndefined();
    } finally {
      Y.XmlText.prototype.toDelta = toDelta;
    }
    expect(looks).toBe(1);
  });
});
