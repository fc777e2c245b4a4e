import { getSchema } from '@tiptap/core';
import { DOMParser, type Node, type Schema } from '@tiptap/pm/model';
import { prosemirrorToYDoc } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { cleanHtml } from '../../editor/exchange/clean-html.ts';
import { readMarkdown } from '../../editor/exchange/markdown-reader.ts';
import { editorExtensions, SCHEMA_VERSION, type TextFormat } from '../../editor/index.ts';

/** The name of the XML fragment that holds the text. */
const FRAGMENT = 'default';

/** The version of the schema that {@link updateOf} writes with. */
export const schemaVersion = SCHEMA_VERSION;

/** What a text says, as the Yjs V1 update that a new document begins with. Scripts and styles of HTML are left out. */
export function updateOf(text: string, format: TextFormat): Uint8Array {
  const doc = prosemirrorToYDoc(parse(getSchema(editorExtensions()), text.replace(/\r\n?/g, '\n'), format), FRAGMENT);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** The addresses of the images in a document. */
export function imageSources(update: Uint8Array): ReadonlySet<string> {
  const sources = new Set<string>();
  change(update, (image) => {
    sources.add(image.getAttribute('src') ?? '');
  });
  return sources;
}

/** The same document, with other addresses for the images that are in `sources`. */
export function withImageSources(update: Uint8Array, sources: ReadonlyMap<string, string>): Uint8Array {
  return change(update, (image) => {
    const source = sources.get(image.getAttribute('src') ?? '');
    if (source !== undefined) image.setAttribute('src', source);
  });
}

function change(update: Uint8Array, onImage: (image: Y.XmlElement) => void): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  const fragment = doc.getXmlFragment(FRAGMENT);
  for (const node of fragment.createTreeWalker((type) => type instanceof Y.XmlElement && type.nodeName === 'image')) {
    onImage(node as Y.XmlElement);
  }
  const changed = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return changed;
}

function parse(schema: Schema, text: string, format: TextFormat): Node {
  switch (format) {
    case 'markdown':
      return readMarkdown(schema, text);
    case 'html': {
      // A document of its own: nothing in it is loaded or run.
      const { body } = new window.DOMParser().parseFromString(cleanHtml(text), 'text/html');
      return DOMParser.fromSchema(schema).parse(body);
    }
    case 'text': {
      const paragraphs = text.split(/\n+/).map((line) => ({
        type: 'paragraph',
        ...(line !== '' && { content: [{ type: 'text', text: line }] }),
      }));
      return schema.nodeFromJSON({ type: 'doc', content: paragraphs });
    }
  }
}
