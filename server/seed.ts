import { ScriptoriumError } from '../protocol/index.ts';

/** What a document begins with. */
export interface Seed {
  readonly title?: string;
  /** A Yjs V1 update. */
  readonly update?: Uint8Array;
  /** The version of the schema that the update was written with, where it has one. */
  readonly schema?: number;
}

/** The longest title of a document, in UTF-16 units. */
const MAX_TITLE_LENGTH = 500;

/** @throws ScriptoriumError MALFORMED_REQUEST */
export function titleOf(title: unknown): string {
  if (typeof title !== 'string') throw new ScriptoriumError('MALFORMED_REQUEST', 'title is not a string.');
  if (title.length > MAX_TITLE_LENGTH) {
    throw new ScriptoriumError('MALFORMED_REQUEST', `A title has at most ${MAX_TITLE_LENGTH} characters.`);
  }
  return title;
}

/**
 * The seed in a JSON body, in which the update is base64.
 * @throws ScriptoriumError MALFORMED_REQUEST
 */
export function seedOf({ title, update, schema }: Record<string, unknown>): Seed {
  return {
    ...(title !== undefined && { title: titleOf(title) }),
    ...(update !== undefined && { update: bytesOf(update) }),
    ...(schema !== undefined && { schema: schemaOf(schema) }),
  };
}

function bytesOf(base64: unknown): Uint8Array {
  // In a buffer of its own: Yjs reads lengths without checking them.
  const bytes = typeof base64 === 'string' ? Uint8Array.from(Buffer.from(base64, 'base64')) : undefined;
  // Node leaves out what is no base64.
  if (bytes === undefined || Buffer.from(bytes).toString('base64') !== base64) {
    throw new ScriptoriumError('MALFORMED_REQUEST', 'update is not base64.');
  }
  return bytes;
}

function schemaOf(schema: unknown): number {
  if (typeof schema !== 'number' || !Number.isSafeInteger(schema) || schema < 1) {
    throw new ScriptoriumError('MALFORMED_REQUEST', 'schema is not a whole number from 1.');
  }
  return schema;
}
