import { ScriptoriumError } from '../../../protocol/index.ts';
import { cleanJpeg } from './jpeg.ts';
import { cleanPng } from './png.ts';
import { cleanWebp } from './webp.ts';

const CLEANERS: Readonly<Record<string, (bytes: Buffer) => Buffer[] | undefined>> = {
  jpg: cleanJpeg,
  png: cleanPng,
  webp: cleanWebp,
};

/**
 * An image without what is written beside it: where and when a photo was taken, with what, by whom. Colour profiles stay,
 * and how it has to be turned. The image itself is not decoded. GIF and AVIF stay as they are.
 * @param extension what the image is, as in image-type.ts
 * @throws ScriptoriumError UNSUPPORTED_FILE_TYPE for bytes in which nobody can say what is image and what is not
 */
export function cleanImage(bytes: Uint8Array, extension: string): Uint8Array {
  const clean = CLEANERS[extension];
  if (clean === undefined) return bytes;
  const kept = clean(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (kept === undefined) throw new ScriptoriumError('UNSUPPORTED_FILE_TYPE', 'The image is damaged.');
  return Buffer.concat(kept);
}
