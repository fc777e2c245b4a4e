/** Bytes written as `00 ff`, with spaces and line breaks anywhere, in a buffer of their own. */
export function fromHex(hex: string): Uint8Array {
  const digits = hex.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/.test(digits)) throw new TypeError(`not hexadecimal bytes: ${hex}`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** Bytes as `00 ff`. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** The same bytes as a view into a larger buffer that has 0xff before them and `after` behind them. */
export function inLargerBuffer(bytes: Uint8Array, after: Uint8Array = new Uint8Array(64)): Uint8Array {
  const before = 3;
  const buffer = new Uint8Array(before + bytes.length + after.length).fill(0xff, 0, before);
  buffer.set(bytes, before);
  buffer.set(after, before + bytes.length);
  return buffer.subarray(before, before + bytes.length);
}
