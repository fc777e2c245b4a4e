import { exifOf, orientationIn } from './orientation.ts';

/** What the image and its colours are in. */
const SHOWN: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const HEADER_BYTES = 12;
/** In the first byte of VP8X: whether there is such a chunk. */
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;
/** What some programs write before EXIF, as in a JPEG. */
const JPEG_PREFIX = 'Exif\0\0';

/**
 * A WebP without what cameras and programs write beside the image: EXIF but for the orientation, XMP, chunks of their own,
 * and whatever follows its end. A chunk is four letters, a length, so many bytes, and one more to make them even.
 * Undefined when these are no such bytes.
 */
export function cleanWebp(bytes: Buffer): Buffer[] | undefined {
  const isWebp = bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, HEADER_BYTES) === 'WEBP';
  if (!isWebp) return undefined;
  const said = 8 + bytes.readUInt32LE(4);
  const all = bytes.subarray(0, said);
  const chunks: Buffer[] = [];
  let flags: Buffer | undefined;
  let hasExif = false;
  for (let at = HEADER_BYTES; at + 8 <= all.length; ) {
    const type = all.toString('latin1', at, at + 4);
    const length = all.readUInt32LE(at + 4);
    // Cut off within the image: what is there of it is shown.
    const chunk = all.subarray(at, at + 8 + length + (length % 2));
    if (type === 'VP8X') flags = Buffer.from(chunk);
    if (type === 'EXIF' && !hasExif) {
      const orientation = orientationIn(tiffOf(chunk.subarray(8)));
      if (orientation !== undefined) chunks.push(exifChunk(orientation));
      hasExif = orientation !== undefined;
    } else if (SHOWN.has(type)) chunks.push(type === 'VP8X' && flags ? flags : chunk);
    at += chunk.length;
  }
  if (flags && flags.length > 8) flags[8] = ((flags[8] ?? 0) & ~(HAS_EXIF | HAS_XMP)) | (hasExif ? HAS_EXIF : 0);
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, HEADER_BYTES - 8);
  // One that was cut off stays so.
  if (said <= bytes.length) header.writeUInt32LE(length, 4);
  return [header, ...chunks];
}

function tiffOf(exif: Buffer): Buffer {
  return exif.toString('latin1', 0, JPEG_PREFIX.length) === JPEG_PREFIX ? exif.subarray(JPEG_PREFIX.length) : exif;
}

function exifChunk(orientation: number): Buffer {
  const tiff = exifOf(orientation);
  const head = Buffer.from('EXIF\0\0\0\0', 'latin1');
  head.writeUInt32LE(tiff.length, 4);
  return Buffer.concat([head, tiff]);
}
