import { checkDocumentName, ScriptoriumError } from '../protocol/index.ts';

/**
 * The document that a part of a URL's path names: percent-encoded UTF-8, and nothing but that.
 * @throws ScriptoriumError INVALID_DOCUMENT_NAME
 */
export function documentOfPath(encoded: string): string {
  let name: string;
  try {
    name = decodeURIComponent(encoded);
  } catch (cause) {
    throw new ScriptoriumError('INVALID_DOCUMENT_NAME', 'The document name is not percent-encoded UTF-8.', { cause });
  }
  return checkDocumentName(name);
}
