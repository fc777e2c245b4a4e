const MAX_NAME_LENGTH = 100;

/** Has the browser save a text as a file. `type` is its media type. */
export function download(text: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // At once, some browsers would not find it any more.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A name for a file of a document, without what file systems do not take. */
export function fileName(title: string, end: string): string {
  const name = title
    .replace(/[\p{Cc}/\\?%*:|"<>]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `${name.slice(0, MAX_NAME_LENGTH) || 'document'}.${end}`;
}
