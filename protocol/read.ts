import * as decoding from 'lib0/decoding';
import { ScriptoriumError } from './errors.ts';

// As lib0 reads text: a byte order mark is a character like any other.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// lib0 trusts lengths: a view into a larger buffer can be read past its end, into bytes that belong to somebody else.
// So every length is checked here against what is left of the message.

/** @throws ScriptoriumError MALFORMED_MESSAGE */
export function readCount(decoder: decoding.Decoder): number {
  try {
    const value = decoding.readVarUint(decoder);
    if (Number.isSafeInteger(value)) return value; // lib0 lets some past 2^53 through, rounded
  } catch (cause) {
    throw truncated(cause);
  }
  throw new ScriptoriumError('MALFORMED_MESSAGE', 'Malformed message: a number is too large.');
}

/** @throws ScriptoriumError MALFORMED_MESSAGE */
export function readBytes(decoder: decoding.Decoder): Uint8Array {
  const length = readCount(decoder);
  if (length > decoder.arr.length - decoder.pos) throw truncated();
  return decoding.readUint8Array(decoder, length);
}

/** @throws ScriptoriumError MALFORMED_MESSAGE */
export function readText(decoder: decoding.Decoder): string {
  const bytes = readBytes(decoder);
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new ScriptoriumError('MALFORMED_MESSAGE', 'Malformed message: text is not UTF-8.', { cause });
  }
}

/** @throws ScriptoriumError MALFORMED_MESSAGE */
export function readEnd(decoder: decoding.Decoder): void {
  if (decoding.hasContent(decoder)) {
    throw new ScriptoriumError('MALFORMED_MESSAGE', 'Malformed message: bytes after its end.');
  }
}

function truncated(cause?: unknown): ScriptoriumError {
  return new ScriptoriumError('MALFORMED_MESSAGE', 'Malformed message: it ends too early.', { cause });
}
