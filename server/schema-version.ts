import { type DocumentEvent, ScriptoriumError } from '../protocol/index.ts';

/**
 * A client that knows fewer nodes, marks and attributes than the document has would delete them: it may read, and its
 * edits are not taken. A client without a schema has no such editor.
 * @throws ScriptoriumError SCHEMA_OUTDATED
 */
export function checkSchema(client: number | undefined, document: number): void {
  if (!isOutdated(client, document)) return;
  const message = `The document was changed with version ${document} of the schema, and this client has ${client}.`;
  throw new ScriptoriumError('SCHEMA_OUTDATED', message);
}

export function isOutdated(client: number | undefined, document: number): boolean {
  return client !== undefined && client < document;
}

/** What peers are told of the document's schema: who has an older one stops writing. */
export function schemaEvent(version: number): DocumentEvent {
  return { type: 'schema', version };
}
