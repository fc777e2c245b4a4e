import type { DocumentInfo } from '../api.ts';

const STORAGE_KEY = 'scriptorium.documents';
const MAX_KEPT = 200;

/** Remembers the list for when the server cannot be reached. */
export function keepList(documents: readonly DocumentInfo[]): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(documents.slice(0, MAX_KEPT)));
  } catch {
    // Forbidden or full: there is no list then without the server.
  }
}

/** The list as this device saw it last. */
export function readKeptList(): DocumentInfo[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(value) ? value.filter(isInfo) : [];
  } catch {
    return [];
  }
}

function isInfo(value: unknown): value is DocumentInfo {
  const { document, title, createdAt, updatedAt } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof document === 'string' &&
    typeof title === 'string' &&
    typeof createdAt === 'number' &&
    typeof updatedAt === 'number'
  );
}
