import type { Access, SavedState, Status } from '../client/index.ts';
import type { UnknownContent } from './schema-guard.ts';

/** Why nobody can write in a document with this editor, though the person may. */
export type Blocked =
  /** The document has something that the editor's schema does not know. It is shown, and not touched. */
  | { readonly reason: 'unknown-content'; readonly unknown: UnknownContent }
  /** Somebody wrote with a newer schema: the server takes nothing from this one any more. */
  | { readonly reason: 'outdated-schema' };

/** What an editor tells. A provider that is not ours tells `status` and its own events only. */
export interface EditorEvents {
  /** The document is here. Once; an editor that is made for a document that is here already says it at the next turn. */
  ready: () => void;
  /** How it stands with the server. */
  status: (event: { readonly status: Status | (string & {}) }) => void;
  /** How far the local changes are durable on the server. */
  saved: (event: SavedState) => void;
  /** What the person may do, whenever that changes. */
  access: (event: { readonly access: Access }) => void;
  /** Writing came to an end here, or is possible again (undefined). The editor says so itself, too. */
  blocked: (blocked: Blocked | undefined) => void;
  /** The server did not take something, or told the provider to stop. */
  error: (error: EditorError) => void;
}

/** The names of the events above. */
export const EDITOR_EVENTS = [
  'ready',
  'status',
  'saved',
  'access',
  'blocked',
  'error',
] as const satisfies readonly (keyof EditorEvents)[];

/** An error that an editor tells of. */
export class EditorError extends Error {
  /** The server's code for it, such as `document-deleted`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'EditorError';
    this.code = code;
  }
}
