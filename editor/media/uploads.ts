import type { Editor } from '@tiptap/core';
import type { EditorState } from '@tiptap/pm/state';
import { NodeSelection } from '@tiptap/pm/state';
import { insertPoint } from '@tiptap/pm/transform';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { MediaMessages } from '../messages/media.ts';
import { type FileService, type Upload, UploadError } from './file-service.ts';
import { type HeldPlace, type PlacesChange, placesKey } from './media-extension.ts';
import { UploadCard } from './upload-card.ts';

/** The types that the server takes, see server/files/image-type.ts. */
export const IMAGE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'];

/** An image of the device, or one that is got first. */
export type UploadSource = File | { load(): Promise<File> };

/**
 * Images on their way to the server. Each has a card at its place, which only the person who uploads sees: nothing is in
 * the document before the image is stored.
 */
export class Uploads {
  readonly #editor: Editor;
  readonly #files: FileService;
  readonly #upload: Upload | undefined;
  readonly #messages: MediaMessages;
  readonly #cards = new Map<string, UploadCard>();

  constructor(editor: Editor, files: FileService, upload: Upload | undefined, messages: MediaMessages) {
    this.#editor = editor;
    this.#files = files;
    this.#upload = upload;
    this.#messages = messages;
  }

  /** Begins to store images, for a place in the text. Attributes go into the image beside its source. */
  start(sources: readonly UploadSource[], position?: number, attributes: Readonly<Record<string, unknown>> = {}): void {
    const { editor } = this;
    const at = editor.utils.createMappablePosition(placeFor(editor.state, position ?? editor.state.selection.to));
    for (const source of sources) {
      const id = crypto.randomUUID();
      const card = new UploadCard(source instanceof File ? source : undefined, this.#messages, {
        retry: () => void this.#run(id, source, card, attributes),
        remove: () => this.#end(id),
      });
      this.#cards.set(id, card);
      this.#change({ add: { id, position: at } });
      void this.#run(id, source, card, attributes);
    }
  }

  get editor(): Editor {
    return this.#editor;
  }

  decorations(state: EditorState): DecorationSet | undefined {
    const places = placesKey.getState(state) ?? [];
    if (places.length === 0) return undefined;
    const end = state.doc.content.size;
    return DecorationSet.create(
      state.doc,
      places.flatMap(({ id, position: { position } }) => {
        const card = this.#cards.get(id);
        return card
          ? [Decoration.widget(Math.min(position, end), card.element, { key: id, side: -1, stopEvent: () => true })]
          : [];
      }),
    );
  }

  destroy(): void {
    for (const card of this.#cards.values()) card.destroy();
    this.#cards.clear();
  }

  async #run(
    id: string,
    source: UploadSource,
    card: UploadCard,
    attributes: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    if (!this.#upload) return card.fail(this.#messages.nowhere, false);
    if (!this.#files.isOnline()) return card.fail(this.#messages.offline, true);
    const signal = card.begin();
    try {
      const file = source instanceof File ? source : await source.load();
      if (!IMAGE_TYPES.includes(file.type)) return card.fail(this.#messages.wrongType, false);
      const [{ src }, size] = await Promise.all([
        this.#upload(file, { signal, onProgress: (share) => card.progress(share) }),
        sizeOf(file),
      ]);
      if (signal.aborted || this.#editor.isDestroyed) return;
      this.#insert(id, { ...size, ...attributes, src });
    } catch (error) {
      if (!signal.aborted && !this.#editor.isDestroyed) card.fail(this.#reasonOf(error), canRetry(error));
    }
  }

  #insert(id: string, attributes: Readonly<Record<string, unknown>>): void {
    const { state, view } = this.#editor;
    const place = (placesKey.getState(state) ?? []).find((held) => held.id === id);
    this.#cards.get(id)?.destroy();
    this.#cards.delete(id);
    if (!place) return;
    const { tr } = state;
    // Nobody may write any more: what is stored stays with the document, and is not shown.
    const node = view.editable ? state.schema.nodes['image']?.create(attributes) : undefined;
    if (node) {
      const position = Math.min(place.position.position, state.doc.content.size);
      const $at = state.doc.resolve(position);
      const before = $at.nodeBefore;
      // An empty paragraph makes room, if the caret is in it: it was the place for the image. The last one goes on below.
      const isMine = state.selection.$from.parent === before && state.selection.empty;
      if (before?.type.name !== 'paragraph' || before.content.size > 0 || !isMine) {
        tr.insert(insertPoint(state.doc, position, node.type) ?? position, node);
      } else if ($at.nodeAfter) {
        tr.replaceWith(position - before.nodeSize, position, node);
        tr.setSelection(NodeSelection.create(tr.doc, position - before.nodeSize));
      } else {
        tr.insert(position - before.nodeSize, node);
      }
    }
    view.dispatch(tr.setMeta(placesKey, { remove: id } satisfies PlacesChange));
  }

  #end(id: string): void {
    this.#cards.get(id)?.destroy();
    this.#cards.delete(id);
    this.#change({ remove: id });
    this.#editor.view.focus();
  }

  #change(change: { add: HeldPlace } | { remove: string }): void {
    const { view } = this.#editor;
    view.dispatch(view.state.tr.setMeta(placesKey, change).setMeta('addToHistory', false));
  }

  #reasonOf(error: unknown): string {
    const messages = this.#messages;
    if (!(error instanceof UploadError))
      return error instanceof Error && error.message ? error.message : messages.failed;
    switch (error.code) {
      case 'file-too-large':
        return messages.tooLarge;
      case 'files-full':
        return messages.full;
      case 'unsupported-file-type':
        return messages.wrongType;
      case 'forbidden':
      case 'read-only':
      case 'unauthorized':
        return messages.forbidden;
      default:
        return messages.failed;
    }
  }
}

const FINAL: ReadonlySet<string> = new Set(['file-too-large', 'files-full', 'unsupported-file-type', 'forbidden']);

function canRetry(error: unknown): boolean {
  return !(error instanceof UploadError && FINAL.has(error.code));
}

/** Behind the paragraph or other block of text that a position is in; else where it is. */
function placeFor({ doc }: EditorState, position: number): number {
  const $at = doc.resolve(Math.min(position, doc.content.size));
  return $at.parent.inlineContent ? $at.after() : $at.pos;
}

/** What an image takes on the page: its own size, within reason. Nothing for one that this browser can't read. */
async function sizeOf(file: File): Promise<{ width?: number; height?: number }> {
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    return width <= 10_000 && height <= 10_000 ? { width, height } : {};
  } catch {
    return {};
  }
}
