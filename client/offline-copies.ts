import { documentAddress } from './address.ts';
import { deleteLocalCopy, hasLocalCopy } from './local-database.ts';

/** Whether this device has a copy of a document, so that it can be opened without the network. */
export function hasCopy(serverUrl: string, document: string): Promise<boolean> {
  return hasLocalCopy(documentAddress(serverUrl, document));
}

/**
 * Deletes the copy of a document on this device, also changes that were not sent. End its provider first.
 * Rejects where storage is missing or forbidden.
 */
export function deleteCopy(serverUrl: string, document: string): Promise<void> {
  return deleteLocalCopy(documentAddress(serverUrl, document));
}
