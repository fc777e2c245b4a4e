import type { Editor } from '@tiptap/core';
import type { ResolvedPos, Slice } from '@tiptap/pm/model';
import type { EditorState } from '@tiptap/pm/state';
import type { DecorationSource, EditorView } from '@tiptap/pm/view';
import type { ScriptoriumProvider } from '../../client/index.ts';
import type { EditorOptions } from '../editor-options.ts';
import type { TextFormat } from '../exchange/formats.ts';
import type { ImageView, ImageViewContext } from './image-view.ts';

/** What the editor does with images and with what is pasted and dropped: loaded when the editor stands. */
export interface LateParts {
  createImageView(context: ImageViewContext): ImageView;
  /** Shows what is at an address in an image without one: outside the editor, for reading only. */
  showImage(image: HTMLImageElement, src: string): void;
  decorations(state: EditorState): DecorationSource | undefined;
  /** Lets the person choose images of their device. */
  pickImages(): void;
  /** Stores images and puts them in at `position`; default: at the caret. */
  uploadImages(files: readonly File[], position?: number): void;
  onKeyDown(view: EditorView, event: KeyboardEvent): boolean;
  onPaste(view: EditorView, event: ClipboardEvent, slice: Slice): boolean;
  onDrop(view: EditorView, event: DragEvent, slice: Slice, moved: boolean): boolean;
  cleanHtml(html: string): string;
  cleanSlice(slice: Slice, view: EditorView): Slice;
  parseText(text: string, $context: ResolvedPos, plain: boolean): Slice | undefined;
  writeText(slice: Slice, view: EditorView): string;
  exportAs(format: TextFormat, title: string): Promise<string>;
  importFrom(format: TextFormat, text: string): Promise<void>;
  destroy(): void;
}

/** The place of parts that are loaded later. */
export class LatePlace {
  /** Undefined until they are here. */
  current: LateParts | undefined;
  readonly #waiting: ((parts: LateParts) => void)[] = [];

  /** Does something with the parts: now, or when they are here. */
  use(act: (parts: LateParts) => void): void {
    if (this.current) act(this.current);
    else this.#waiting.push(act);
  }

  /** The parts are here. Returns what ends them. */
  fill(parts: LateParts): () => void {
    this.current = parts;
    for (const act of this.#waiting.splice(0)) act(parts);
    return () => parts.destroy();
  }
}

/** What the parts are made from. */
export interface MediaContext {
  readonly editor: Editor;
  /** The connection, where it is ours and the server is known. */
  readonly provider: ScriptoriumProvider | undefined;
  readonly options: Pick<EditorOptions, 'upload' | 'remoteImages' | 'locale' | 'messages'>;
}
