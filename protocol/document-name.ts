import { ScriptoriumError } from './errors.ts';

/** The longest document name, in UTF-16 units. */
export const MAX_DOCUMENT_NAME_LENGTH = 512;

/**
 * A document's name as it came from outside, checked: 1 to 512 characters, no control characters, well-formed unicode in
 * normal form C, so that no two names look the same because one has its accents apart. Slashes are allowed. `.` and `..`
 * between them are not: in an address they mean another place, and a proxy may go there.
 * @throws ScriptoriumError INVALID_DOCUMENT_NAME
 */
export function checkDocumentName(name: string): string {
  if (name.length === 0) throw invalid('it is empty');
  if (name.length > MAX_DOCUMENT_NAME_LENGTH) throw invalid(`it is longer than ${MAX_DOCUMENT_NAME_LENGTH} characters`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) throw invalid('it has control characters');
  if (/\p{Surrogate}/u.test(name)) throw invalid('it is not well-formed unicode');
  if (name.normalize('NFC') !== name) throw invalid('it is not in Unicode normal form C');
  if (/(^|\/)\.\.?(\/|$)/.test(name)) throw invalid('"." and ".." mean another place in an address');
  return name;
}

function invalid(why: string): ScriptoriumError {
  return new ScriptoriumError('INVALID_DOCUMENT_NAME', `This is no document name: ${why}.`);
}
