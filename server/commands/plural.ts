/** `1 document`, `2 documents`. */
export function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** `2 documents`, `2 documents and 1 image`. */
export function inBackup({ documents, files }: { readonly documents: number; readonly files: number }): string {
  return plural(documents, 'document') + (files > 0 ? ` and ${plural(files, 'image')}` : '');
}
