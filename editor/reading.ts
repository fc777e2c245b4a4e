import type { Schema } from '@tiptap/pm/model';
import type * as Y from 'yjs';
import { renderStatic, type StaticContext } from './static-content.ts';

/** How long changes are collected before the document is drawn again, in milliseconds: all of it is, each time. */
const DRAW_AGAIN_MS = 300;

/** A document for reading only, which follows the shared one and never changes it. */
export interface Reading {
  readonly element: HTMLElement;
  destroy(): void;
}

/** What a {@link Reading} is made of. */
export interface ReadingContext extends StaticContext {
  readonly fragment: Y.XmlFragment;
  readonly schema: Schema;
  /** The name of the text, for assistive technology. */
  readonly label: string;
  /** The document changed and is about to be drawn again. True: it need not be. */
  onChange(): boolean;
}

export function createReading({ fragment, schema, label, onChange, ...context }: ReadingContext): Reading {
  const element = document.createElement('div');
  // Looks as the editor does.
  element.className = 'tiptap ProseMirror';
  element.role = 'document';
  element.ariaLabel = label;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = (): void => element.replaceChildren(renderStatic(fragment, schema, context));
  const drawLater = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (!onChange()) draw();
    }, DRAW_AGAIN_MS);
  };
  draw();
  fragment.observeDeep(drawLater);
  return {
    element,
    destroy() {
      clearTimeout(timer);
      fragment.unobserveDeep(drawLater);
    },
  };
}
