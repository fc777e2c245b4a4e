import type { Editor } from '@tiptap/core';
import type { Awareness } from 'y-protocols/awareness';
import type { EditorOptions } from '../editor-options.ts';
import type { Messages } from '../messages/index.ts';
import type { LateViews } from './late-views.ts';

/** What nodes need to know of what is around them. */
export interface NodesContext {
  readonly editor: Editor;
  readonly messages: Messages;
  readonly awareness: Awareness;
  readonly mentions: EditorOptions['mentions'];
  /** Where what draws the nodes is awaited. */
  readonly views: LateViews;
}

/**
 * Gives tables, formulas, code and the others of the schema what a person can do with them, when there is
 * time for it (`idle`): the schema is enough to show a document and to keep it as it is. Returns what ends it.
 */
export function attachNodes(context: NodesContext, idle: Promise<void>): () => void {
  let isWanted = true;
  idle
    .then(() => import('./behaviour.ts'))
    .then(({ addBehaviour }) => {
      if (isWanted) addBehaviour(context, () => isWanted);
    })
    // One can read and write without, as after an update of the server that this page was loaded before.
    .catch((error: unknown) => console.warn('A part of the editor could not be loaded.', error));
  return () => {
    isWanted = false;
  };
}
