import type { Editor } from '@tiptap/core';
import { Fragment, type Node, Slice } from '@tiptap/pm/model';
import { dropPoint } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import type { FileService } from '../media/file-service.ts';
import type { LateParts } from '../media/late-parts.ts';
import type { Uploads } from '../media/uploads.ts';
import { cleanHtml } from './clean-html.ts';
import { heldPlaces, holdImages, type PendingImage } from './image-sources.ts';
import { looksLikeMarkdown } from './markdown-hint.ts';
import { readMarkdown } from './markdown-reader.ts';
import { writeMarkdown } from './markdown-writer.ts';

/** What pasting needs from its surroundings. */
export interface PastingContext {
  readonly editor: Editor;
  readonly files: FileService;
  readonly uploads: Uploads;
  readonly remoteImages: boolean;
}

type Pasting = Pick<LateParts, 'onPaste' | 'onDrop' | 'cleanHtml' | 'cleanSlice' | 'parseText' | 'writeText'>;

/** Marks that belong to a conversation in the document that they come from. */
const BOUND: ReadonlySet<string> = new Set([
  'comment',
  'commentMark',
  'suggestion',
  'insertion',
  'deletion',
  'ychange',
]);

/** What happens to what is pasted, dropped and copied. */
export function createPasting({ editor, files, uploads, remoteImages }: PastingContext): Pasting {
  /** Of the slice that is being pasted or dropped: `cleanSlice` comes right before. */
  let pending = new Map<string, PendingImage>();

  const put = (view: EditorView, slice: Slice, at: number | undefined): void => {
    const { tr } = view.state;
    if (at === undefined) tr.replaceSelection(slice);
    else tr.replaceRange(at, at, slice);
    const places = heldPlaces(tr.doc, pending).reverse();
    const starts = places.map(({ from, to, image }) => {
      const before = tr.mapping.maps.length;
      const $from = tr.doc.resolve(from);
      const { parent, depth } = $from;
      // The only thing in a cell or a quote has to stay, and below the last image one goes on writing; it is empty then.
      const isEnd = depth === 0 && at === undefined && $from.indexAfter() === parent.childCount - 1;
      if (parent.childCount > 1 && !isEnd) tr.delete(from, to);
      else tr.delete(from + 1, to - 1);
      return { from, before, image };
    });
    view.dispatch(
      tr
        .scrollIntoView()
        .setMeta('paste', true)
        .setMeta('uiEvent', at === undefined ? 'paste' : 'drop'),
    );
    for (const { from, before, image } of starts) {
      const { alt, title, caption, width, height, align } = image.node.attrs;
      const size = width && height ? { width, height } : {};
      uploads.start([image], tr.mapping.slice(before).map(from, -1), { alt, title, caption, align, ...size });
    }
  };

  return {
    onPaste(view, { clipboardData }, slice) {
      const given = [...(clipboardData?.files ?? [])];
      // Word and spreadsheets add a picture of the text.
      if (given.length > 0 && !clipboardData?.getData('text/html') && !clipboardData?.getData('text/plain')) {
        uploads.start(given);
        return true;
      }
      if (pending.size === 0) return false;
      put(view, slice, undefined);
      return true;
    },
    onDrop(view, event, slice) {
      const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
      const given = [...(event.dataTransfer?.files ?? [])];
      if (given.length > 0) {
        event.preventDefault();
        void dropFiles(editor, uploads, given, at);
        return true;
      }
      if (pending.size === 0 || at === undefined) return false;
      event.preventDefault();
      put(view, slice, dropPoint(view.state.doc, at, slice) ?? at);
      return true;
    },
    cleanHtml,
    cleanSlice(slice, view) {
      // What is moved within the text is what it was.
      if (view.dragging) {
        pending = new Map();
        return slice;
      }
      const held = holdImages(withoutBoundMarks(slice), { schema: view.state.schema, files, remoteImages });
      pending = held.pending;
      return held.slice;
    },
    parseText(text, $context, plain) {
      if (plain || !looksLikeMarkdown(text)) return undefined;
      const { content } = readMarkdown($context.doc.type.schema, text.replace(/\r\n?/g, '\n'));
      // Text within a paragraph goes into the paragraph that the caret is in.
      const isInline = content.childCount === 1 && content.firstChild?.type.name === 'paragraph';
      return isInline ? new Slice(content, 1, 1) : new Slice(content, 0, 0);
    },
    writeText: (slice, view) =>
      markdownOf(slice, view.state.schema.topNodeType.create.bind(view.state.schema.topNodeType)),
  };
}

/** What is copied as Markdown; a part of one block as its text. */
function markdownOf(slice: Slice, create: (attrs: null, content: Slice['content']) => Node): string {
  let { content, openStart, openEnd } = slice;
  // Of a word in a list, the list is not what was meant.
  while (openStart > 0 && openEnd > 0 && content.childCount === 1 && !content.firstChild?.isTextblock) {
    content = content.firstChild?.content ?? content;
    openStart--;
    openEnd--;
  }
  const only = content.childCount === 1 ? content.firstChild : null;
  const isPart = only?.isTextblock && openStart > 0 && openEnd > 0;
  if (only && (isPart || only.type.spec.code)) {
    const isPlain = only.children.every(({ marks, isText }) => isText && marks.length === 0);
    if (only.type.spec.code || isPlain) return only.textContent;
    const { paragraph } = only.type.schema.nodes;
    if (paragraph) return writeMarkdown(create(null, Fragment.from(paragraph.create(null, only.content))));
  }
  return writeMarkdown(create(null, content));
}

/** Images are stored; text files are read as what they are called. */
async function dropFiles(
  editor: Editor,
  uploads: Uploads,
  given: readonly File[],
  at: number | undefined,
): Promise<void> {
  const isText = ({ name, type }: File): boolean =>
    /\.(md|markdown|txt|html?)$/i.test(name) || /^text\/(plain|markdown|html)$/.test(type);
  const images = given.filter((file) => !isText(file));
  if (images.length > 0) uploads.start(images, at);
  const texts = given.filter(isText);
  if (texts.length === 0) return;
  const { importInto } = await import('./exchange.ts');
  for (const file of texts) {
    const format =
      /\.html?$/i.test(file.name) || file.type === 'text/html'
        ? 'html'
        : /\.txt$/i.test(file.name)
          ? 'text'
          : 'markdown';
    const text = await file.text();
    if (editor.isDestroyed || !editor.isEditable) return;
    importInto(editor, format, text, at);
  }
}

function withoutBoundMarks(slice: Slice): Slice {
  const strip = (node: Node): Node => {
    const marked = node.mark(node.marks.filter(({ type }) => !BOUND.has(type.name)));
    return marked.isLeaf ? marked : marked.copy(mapFragment(marked));
  };
  const mapFragment = (parent: { readonly content: Slice['content'] }): Slice['content'] => {
    let { content } = parent;
    content.forEach((child, _, index) => {
      const next = strip(child);
      if (next !== child) content = content.replaceChild(index, next);
    });
    return content;
  };
  return new Slice(mapFragment(slice), slice.openStart, slice.openEnd);
}
