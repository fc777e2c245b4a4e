const checks = new Set<() => boolean>();

/** Has `isUnsaved` asked before the page is closed. Returns what ends that. */
export function guardUnsaved(isUnsaved: () => boolean): () => void {
  checks.add(isUnsaved);
  return () => checks.delete(isUnsaved);
}

/** Whether closing the page now would lose something. */
export function hasUnsavedChanges(): boolean {
  return [...checks].some((isUnsaved) => isUnsaved());
}
