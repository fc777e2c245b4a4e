import { crc32 } from 'node:zlib';
import { exifOf, orientationIn } from './orientation.ts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** What says how to show the image, of the chunks that a reader may skip: colours, size, transparency, animation. */
const SHOWN: ReadonlySet<string> = new Set([
  ...['acTL', 'fcTL', 'fdAT', 'bKGD', 'cHRM', 'cICP', 'cLLI', 'cLLi', 'gAMA', 'hIST', 'iCCP', 'mDCV', 'mDCv', 'pHYs'],
  ...['sBIT', 'sPLT', 'sRGB', 'tRNS'],
]);

/**
 * A PNG without what programs write beside the image: text, EXIF but for the orientation, times, and whatever follows its
 * end. A chunk is a length, four letters, so many bytes, and a checksum. Undefined when these are no such bytes.
 */
export function cleanPng(bytes: Buffer): Buffer[] | undefined {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
  const kept: Buffer[] = [SIGNATURE];
  for (let at = 8; at + 8 <= bytes.length; ) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!/^[A-Za-z]{4}$/.test(type)) return undefined;
    const end = at + 12 + bytes.readUInt32BE(at);
    // Cut off within the image: what is there of it is shown.
    const chunk = bytes.subarray(at, end);
    // A capital: nobody may skip it.
    if (SHOWN.has(type) || /^[A-Z]/.test(type)) kept.push(chunk);
    const orientation = type === 'eXIf' ? orientationIn(chunk.subarray(8)) : undefined;
    if (orientation !== undefined) kept.push(chunkOf('eXIf', exifOf(orientation)));
    if (type === 'IEND') break;
    at = end;
  }
  return kept;
}

function chunkOf(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}
