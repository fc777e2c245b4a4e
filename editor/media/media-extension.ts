import type { MappablePosition } from '@tiptap/core';
import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import type { LatePlace } from './late-parts.ts';

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    media: {
      /** Lets the person choose images, which are then stored and put in at the caret. */
      pickImages: () => ReturnType;
      /** Stores images and puts them in at `position`; default: at the caret. */
      uploadImages: (files: readonly File[], position?: number) => ReturnType;
    };
  }
}

/** A place in the text at which something goes on, such as an upload. It stays where it is, whatever others write. */
export interface HeldPlace {
  readonly id: string;
  readonly position: MappablePosition;
}

/** What changes the places: some come, some go. */
export interface PlacesChange {
  readonly add?: HeldPlace;
  readonly remove?: string;
}

export const placesKey = new PluginKey<readonly HeldPlace[]>('media');

/**
 * The little of images and of pasting that has to be there from the start; the rest is loaded later. A plugin that is
 * registered later would end the history of undo.
 */
export function media(place: LatePlace): Extension {
  return Extension.create({
    name: 'media',
    // Before Tiptap's own way to make text of what is copied.
    priority: 1000,
    addCommands: () => ({
      pickImages:
        () =>
        ({ editor, dispatch }) => {
          if (dispatch && editor.isEditable) place.use((parts) => parts.pickImages());
          return editor.isEditable;
        },
      uploadImages:
        (files, position) =>
        ({ editor, dispatch }) => {
          if (dispatch && editor.isEditable) place.use((parts) => parts.uploadImages(files, position));
          return editor.isEditable;
        },
    }),
    addProseMirrorPlugins() {
      const { editor } = this;
      return [
        new Plugin<readonly HeldPlace[]>({
          key: placesKey,
          state: {
            init: () => [],
            apply(tr, places) {
              const { add, remove } = (tr.getMeta(placesKey) ?? {}) as PlacesChange;
              const kept = places
                .filter(({ id }) => id !== remove)
                .map(({ id, position }) => ({
                  id,
                  position: tr.docChanged ? editor.utils.getUpdatedPosition(position, tr).position : position,
                }));
              return add ? [...kept, add] : kept;
            },
          },
          props: {
            nodeViews: { image: (node, view, getPos) => lateImage(place, node, view, getPos) },
            decorations: (state) => place.current?.decorations(state),
            handleKeyDown: (view, event) => place.current?.onKeyDown(view, event) ?? false,
            handlePaste: (view, event, slice) => place.current?.onPaste(view, event, slice) ?? false,
            handleDrop: (view, event, slice, moved) => place.current?.onDrop(view, event, slice, moved) ?? false,
            handleDOMEvents: { paste: (view, event) => pasteLater(place, view, event) },
            transformPastedHTML: (html) => place.current?.cleanHtml(html) ?? html,
            transformPasted: (slice, view) => place.current?.cleanSlice(slice, view) ?? slice,
            // ProseMirror's own way is taken for undefined, whatever its types say.
            clipboardTextParser: (text, $context, plain) => place.current?.parseText(text, $context, plain) as never,
            clipboardTextSerializer: (slice, view) => place.current?.writeText(slice, view) ?? '',
          },
        }),
      ];
    },
  });
}

/** What is pasted before the parts are here waits for them. */
function pasteLater(place: LatePlace, view: EditorView, event: ClipboardEvent): boolean {
  const { clipboardData } = event;
  if (place.current || !view.editable || !clipboardData) return false;
  event.preventDefault();
  const [html, text] = [clipboardData.getData('text/html'), clipboardData.getData('text/plain')];
  const files = [...clipboardData.files];
  place.use((parts) => {
    if (view.isDestroyed || !view.editable) return;
    if (html) view.pasteHTML(html);
    else if (text) view.pasteText(text);
    else if (files.length > 0) parts.uploadImages(files);
  });
  return true;
}

/** An image that is as large as it will be, and is shown when the parts are here. */
function lateImage(place: LatePlace, node: Node, view: EditorView, getPos: () => number | undefined): NodeView {
  const dom = document.createElement('figure');
  dom.className = 'scriptorium-image';
  let current = node;
  let isDestroyed = false;
  let image: ReturnType<NonNullable<LatePlace['current']>['createImageView']> | undefined;
  place.use((parts) => {
    if (!isDestroyed) image = parts.createImageView({ dom, node: current, view, getPos });
  });
  return {
    dom,
    update(next) {
      if (next.type !== current.type) return false;
      current = next;
      image?.update(next);
      return true;
    },
    selectNode: () => image?.setSelected(true),
    deselectNode: () => image?.setSelected(false),
    stopEvent: (event) => image?.ownsEvent(event) ?? false,
    ignoreMutation: () => true,
    destroy() {
      isDestroyed = true;
      image?.destroy();
    },
  };
}
