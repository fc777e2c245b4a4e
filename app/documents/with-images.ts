import { copyFile, type DocumentInfo, deleteDocument, fileUrlIn, hasFile, type Seed, seedDocument } from '../api.ts';
import { randomId } from '../random-id.ts';

/**
 * Makes a document of which the images are its own: those that are files of other documents are copied, so that whoever
 * may read it sees them, also when the others are deleted. One that this person can't see stays where it is.
 * Throws ApiError.
 */
export async function makeWithImages({ update, ...seed }: Seed): Promise<DocumentInfo> {
  const { imageSources, withImageSources } = await import('./content.ts');
  const document = randomId();
  const moved = new Map<string, string>();
  for (const source of imageSources(update)) {
    const target = fileUrlIn(document, source);
    if (target !== undefined && (await hasFile(source))) moved.set(source, target);
  }
  if (moved.size === 0) return seedDocument(document, { ...seed, update });
  // The document first: what is seeded must not be there.
  const info = await seedDocument(document, { ...seed, update: withImageSources(update, moved) });
  try {
    for (const source of moved.keys()) await copyFile(source, document);
  } catch (error) {
    // Half a copy is none. Why there is none is what the person wants to know.
    await deleteDocument(document).catch(() => {});
    throw error;
  }
  return info;
}
