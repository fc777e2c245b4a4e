import { type Access, isAccess } from '../../protocol/index.ts';

/**
 * What a claim such as `{"team-a/*": "write", "handbook": "read"}` says about a document. A key is the document's whole
 * name, or the beginning of names with a `*` at its end, which stands for any characters, also slashes, also none. The
 * most specific key decides: the whole name before every pattern, a longer beginning before a shorter one. Without a key
 * that fits it is `none`.
 */
export function accessByName(documents: Readonly<Record<string, Access>>, document: string): Access {
  if (Object.hasOwn(documents, document)) return documents[document] ?? 'none';
  let access: Access = 'none';
  let length = -1;
  for (const [key, given] of Object.entries(documents)) {
    if (!key.endsWith('*') || !document.startsWith(key.slice(0, -1)) || key.length <= length) continue;
    access = given;
    length = key.length;
  }
  return access;
}

/** The claim as it came, checked; undefined when it is none. */
export function readDocumentsClaim(claim: unknown): Readonly<Record<string, Access>> | undefined {
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) return undefined;
  return Object.values(claim).every(isAccess) ? (claim as Record<string, Access>) : undefined;
}
