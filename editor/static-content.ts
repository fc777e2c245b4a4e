import { type DOMOutputSpec, DOMSerializer, Mark, type MarkType, type Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { readImageSource } from './schema/image.ts';
import { knownAttributes, markName, type TextPart } from './stored-attributes.ts';

/** What is not in the document. */
export interface StaticContext {
  /** What is said of a part that the schema does not know. */
  readonly unknownLabel: string;
  /** Shows what is at an address in an image that has none yet: it may need a token, or not be fetched at all. */
  showImage(image: HTMLImageElement, src: string): void;
}

/**
 * What a document says, for reading only, also where the schema has no name for it: text is never left out. An unknown
 * node is a box with its text, an unknown mark or attribute shows nothing of its own. It only reads the document.
 */
export function renderStatic(
  fragment: Y.XmlFragment,
  schema: Schema,
  { unknownLabel, showImage }: StaticContext,
): DocumentFragment {
  const content = document.createDocumentFragment();
  const append = (parent: Node, type: unknown, inline: boolean): void => {
    if (type instanceof Y.XmlText) appendText(parent, type, schema);
    else if (type instanceof Y.XmlElement) appendElement(parent, type, inline);
  };
  const appendElement = (parent: Node, element: Y.XmlElement, inline: boolean): void => {
    const children = element.toArray();
    const known = schema.nodes[element.nodeName];
    // Not checked against what the node may contain: it is only shown.
    const { src, ...others } = element.getAttributes() as Record<string, unknown>;
    const isImage = known?.name === 'image';
    const rendered = render(() => {
      // An image is fetched as soon as it has an address, wherever it is.
      const attributes = isImage ? others : element.getAttributes();
      const node = known?.create(knownAttributes(known.spec.attrs, attributes));
      return node && known?.spec.toDOM?.(node);
    });
    if (!known || !rendered) {
      const box = document.createElement(inline ? 'span' : 'div');
      box.className = 'scriptorium-unknown';
      box.title = unknownLabel;
      for (const child of children) append(box, child, inline);
      parent.appendChild(box);
      return;
    }
    const { dom, contentDOM } = rendered;
    for (const child of children) append(contentDOM ?? dom, child, known.inlineContent);
    // As in the editor: an empty line is as high as any other.
    if (known.inlineContent && contentDOM && !contentDOM.hasChildNodes())
      contentDOM.append(document.createElement('br'));
    parent.appendChild(dom);
    const image = isImage ? imageIn(dom) : undefined;
    const address = readImageSource(src);
    if (image && address !== undefined) showImage(image, address);
  };
  for (const child of fragment.toArray()) append(content, child, false);
  return content;
}

function imageIn(dom: Node): HTMLImageElement | undefined {
  if (dom instanceof HTMLImageElement) return dom;
  return (dom instanceof HTMLElement && dom.querySelector('img')) || undefined;
}

function appendText(parent: Node, text: Y.XmlText, schema: Schema): void {
  for (const { insert, attributes = {} } of text.toDelta() as TextPart[]) {
    if (typeof insert !== 'string') continue;
    let at = parent;
    for (const mark of knownMarks(attributes, schema)) {
      const rendered = render(() => mark.type.spec.toDOM?.(mark, true));
      if (!rendered) continue;
      at.appendChild(rendered.dom);
      at = rendered.contentDOM ?? rendered.dom;
    }
    at.appendChild(document.createTextNode(insert));
  }
}

type Rendered = ReturnType<typeof DOMSerializer.renderSpec>;

/** Attributes are whatever somebody wrote: what cannot be drawn with them is drawn as if it were unknown. */
function render(specOf: () => DOMOutputSpec | undefined): Rendered | undefined {
  try {
    const spec = specOf();
    return spec && DOMSerializer.renderSpec(document, spec);
  } catch {
    return undefined;
  }
}

function knownMarks(attributes: Readonly<Record<string, unknown>>, schema: Schema): readonly Mark[] {
  const marks = Object.entries(attributes).flatMap(([key, value]) => {
    const type: MarkType | undefined = schema.marks[markName(key)];
    try {
      return type ? [type.create(knownAttributes(type.spec.attrs, value))] : [];
    } catch {
      return []; // an attribute that it must have is missing
    }
  });
  return Mark.setFrom(marks);
}
