import type { Editor } from '@tiptap/core';
import { readUndoManager } from '../undo-manager.ts';
import { type CommandState, readCommandState } from './command-state.ts';

/** Follows the selection of an editor for all menus at once. */
export interface CommandWatch {
  /** Read at most once for each state of the editor. */
  readonly state: CommandState;
  /** Calls `listener` once a microtask after anything changed: a transaction, a new undo step and a change of focus are one. Returns what ends it. */
  subscribe(listener: () => void): () => void;
  destroy(): void;
}

export function watchCommands(editor: Editor): CommandWatch {
  const listeners = new Set<() => void>();
  let state: CommandState | undefined;
  let scheduled = false;
  let destroyed = false;
  const tell = (): void => {
    scheduled = false;
    if (!destroyed) for (const listener of [...listeners]) listener();
  };
  const changed = (): void => {
    state = undefined;
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(tell);
  };
  const events = ['transaction', 'update', 'focus', 'blur'] as const;
  for (const event of events) editor.on(event, changed);
  // An undo step is recorded after the transaction that made it.
  const undoManager = readUndoManager(editor.state);
  const steps = ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const;
  for (const step of steps) undoManager?.on(step, changed);
  return {
    get state() {
      state ??= readCommandState(editor.state);
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    destroy() {
      destroyed = true;
      for (const event of events) editor.off(event, changed);
      for (const step of steps) undoManager?.off(step, changed);
    },
  };
}
