import { Fragment, type Node, type Schema, Slice } from '@tiptap/pm/model';
import type { FileService } from '../media/file-service.ts';

/** An image that is not on the server of this document yet. */
export interface PendingImage {
  readonly node: Node;
  /** Gets its bytes. */
  load(): Promise<File>;
}

const DATA_URL = /^data:(image\/(?:png|jpeg|gif|webp|avif));base64,(.+)$/is;
const MARK = '\uE000';

/**
 * What is to happen to the images that come in with a text. Those of this document stay. Those that are in the text itself,
 * or in another document, are stored first: a paragraph with nothing but a mark keeps their place. Those of other
 * servers become links to them, unless they are to be shown: to fetch them would tell that server who reads, and when.
 */
export function holdImages(
  slice: Slice,
  { schema, files, remoteImages }: { schema: Schema; files: FileService; remoteImages: boolean },
): { slice: Slice; pending: Map<string, PendingImage> } {
  const pending = new Map<string, PendingImage>();
  const replace = (node: Node): Node | undefined => {
    const src = String(node.attrs['src'] ?? '');
    if (files.isOwn(src)) return node;
    const load = loaderOf(src, files);
    if (load) {
      const id = `${MARK}${crypto.randomUUID()}${MARK}`;
      pending.set(id, { node, load });
      return schema.nodes['paragraph']?.create(null, schema.text(id));
    }
    if (!/^https?:\/\//i.test(src)) return undefined;
    if (remoteImages) return node;
    const link = schema.marks['link']?.create({ href: src });
    return schema.nodes['paragraph']?.create(null, schema.text(String(node.attrs['alt'] || src), link && [link]));
  };
  const walk = (fragment: Fragment): Fragment => {
    const children: Node[] = [];
    fragment.forEach((node) => {
      if (node.type.name !== 'image') {
        children.push(node.isLeaf ? node : node.copy(walk(node.content)));
        return;
      }
      const replaced = replace(node);
      if (replaced) children.push(replaced);
    });
    return Fragment.from(children);
  };
  return { slice: new Slice(walk(slice.content), slice.openStart, slice.openEnd), pending };
}

/** The place of each image in a document into which the slice was put. */
export function heldPlaces(doc: Node, pending: ReadonlyMap<string, PendingImage>) {
  const places: { readonly from: number; readonly to: number; readonly image: PendingImage }[] = [];
  doc.descendants((node, position) => {
    const image = node.type.name === 'paragraph' ? pending.get(node.textContent) : undefined;
    if (image) places.push({ from: position, to: position + node.nodeSize, image });
  });
  return places;
}

function loaderOf(src: string, files: FileService): (() => Promise<File>) | undefined {
  if (files.isOnServer(src)) {
    return async () => {
      const blob = await files.fetch(src);
      return new File([blob], 'image', { type: blob.type });
    };
  }
  const [, type, data] = DATA_URL.exec(src) ?? [];
  if (type === undefined || data === undefined) return undefined;
  // Not by `fetch`, which the policy of a page may forbid.
  return async () => new File([Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0))], 'image', { type });
}
