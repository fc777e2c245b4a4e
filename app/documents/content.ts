import { getSchema } from '@tiptap/core';
import { DOMParser, type Node } from '@tiptap/pm/model';
import { prosemirrorToYDoc } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { editorExtensions, SCHEMA_VERSION } from '../../editor/index.ts';
import type { FileKind } from './new-documents.ts';

/** The name of the XML fragment that holds the text. */
const FRAGMENT = 'default';

/** The version of the schema that {@link updateOf} writes with. */
export const schemaVersion = SCHEMA_VERSION;

/** What a text says, as the Yjs V1 update that a new document begins with. Scripts and styles of HTML are left out. */
export function updateOf(text: string, kind: FileKind): Uint8Array {
  const doc = prosemirrorToYDoc(parse(text, kind), FRAGMENT);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

function parse(text: string, _kind: FileKind): Node {
  const schema = getSchema(editorExtensions());
  // A document of its own: nothing in it is loaded or run.
  const body = new window.DOMParser().parseFromString(text, 'text/html').body;
  return DOMParser.fromSchema(schema).parse(body);
}
