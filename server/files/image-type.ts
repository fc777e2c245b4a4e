import { fileTypeFromBuffer } from 'file-type';
import { imageDimensionsFromData } from 'image-dimensions';
import { ScriptoriumError } from '../../protocol/index.ts';

/**
 * The kinds of files that are taken, by the ending that they are stored with. No SVG: it is a program in the hands of
 * whoever sent it.
 */
export const IMAGE_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
};

/** What an image is, by its bytes. */
export interface ImageType {
  readonly extension: string;
  readonly type: string;
  /** In pixels, as stored: a camera may have turned it. */
  readonly width: number;
  readonly height: number;
}

/**
 * Finds out what some bytes are. What whoever sent them called them is not asked.
 * @throws ScriptoriumError UNSUPPORTED_FILE_TYPE, FILE_TOO_LARGE
 */
export async function imageTypeOf(bytes: Uint8Array, maxImagePixels: number): Promise<ImageType> {
  const sniffed = await fileTypeFromBuffer(bytes).catch(() => undefined);
  // An animated PNG is one that older browsers show the first image of.
  const extension = sniffed?.ext === 'apng' ? 'png' : sniffed?.ext;
  const type = extension === undefined ? undefined : IMAGE_TYPES[extension];
  const size = type === undefined ? undefined : dimensionsOf(bytes);
  if (extension === undefined || type === undefined || size === undefined) {
    throw new ScriptoriumError('UNSUPPORTED_FILE_TYPE', 'Only PNG, JPEG, GIF, WebP and AVIF images are taken.');
  }
  if (size.width * size.height > maxImagePixels) {
    throw new ScriptoriumError('FILE_TOO_LARGE', `An image has at most ${maxImagePixels} pixels (maxImagePixels).`);
  }
  return { extension, type, ...size };
}

function dimensionsOf(bytes: Uint8Array): { width: number; height: number } | undefined {
  try {
    const size = imageDimensionsFromData(bytes);
    return size && size.width > 0 && size.height > 0 ? { width: size.width, height: size.height } : undefined;
  } catch {
    return undefined;
  }
}
