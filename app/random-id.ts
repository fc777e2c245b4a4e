const BYTES = 12;

/** 24 hexadecimal digits. `crypto.randomUUID` is missing where a page is served over plain HTTP, as in many a local network. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(BYTES))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
