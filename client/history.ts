import * as Y from 'yjs';

/**
 * Whether a document has anything that a server has too, by the server's state vector. A document without any content
 * has nothing that could be missing there.
 */
export function sharesHistory(doc: Y.Doc, serverStateVector: Uint8Array): boolean {
  const { clients } = doc.store;
  return clients.size === 0 || [...Y.decodeStateVector(serverStateVector).keys()].some((client) => clients.has(client));
}
