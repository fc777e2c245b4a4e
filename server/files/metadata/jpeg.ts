import { exifOf, orientationIn } from './orientation.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP15 = 0xef;
const COMMENT = 0xfe;

/** What begins the segments of applications that say how to show the image: their markers, and what they begin with. */
const SHOWN: ReadonlyMap<number, string> = new Map([
  [APP0, 'JFIF\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
]);
const EXIF = 'Exif\0\0';
/** Of a JFIF segment, without the thumbnail that may follow: marker, length and 14 bytes. */
const JFIF_BYTES = 18;

/**
 * A JPEG without what cameras and programs write beside the image: EXIF but for the orientation, XMP, IPTC, thumbnails,
 * comments, and whatever follows its end, as the video of a "live" photo does, or a second image with EXIF of its own.
 *
 *     SOI  (FF marker length ...)*  SOS ... data with FF 00 ...  (more of both)*  EOI
 *
 * Undefined when these are no such bytes.
 */
export function cleanJpeg(bytes: Buffer): Buffer[] | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return undefined;
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let hasImage = false;
  let hasExif = false;
  for (let at = 2; ; ) {
    const marker = nextMarker(bytes, at);
    // Cut off within the image: what is there of it is shown.
    if (marker === undefined) return hasImage ? kept : undefined;
    const code = bytes[marker + 1] as number;
    if (code === EOI) {
      kept.push(bytes.subarray(marker, marker + 2));
      return hasImage ? kept : undefined;
    }
    const end = segmentEnd(bytes, marker);
    if (end === undefined) return hasImage ? kept : undefined;
    const segment = bytes.subarray(marker, end);
    if (code === APP1 && !hasExif && startsWith(segment, EXIF)) {
      hasExif = true;
      const orientation = orientationIn(segment.subarray(4 + EXIF.length));
      if (orientation !== undefined) kept.push(exifSegment(orientation));
    } else if (isShown(code, segment)) kept.push(code === APP0 ? withoutThumbnail(segment) : segment);
    at = end;
    if (code !== SOS) continue;
    hasImage = true;
    at = nextMarker(bytes, end) ?? bytes.length;
    kept.push(bytes.subarray(end, at));
  }
}

/** Where the next marker is: not a byte FF of the image's data, which has 00 behind it, nor one that data begins again with. */
function nextMarker(bytes: Buffer, start: number): number | undefined {
  for (let at = bytes.indexOf(0xff, start); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1] as number;
    if (code !== 0x00 && code !== 0x01 && code !== 0xff && !(code >= 0xd0 && code <= SOI)) return at;
  }
  return undefined;
}

function segmentEnd(bytes: Buffer, marker: number): number | undefined {
  if (marker + 4 > bytes.length) return undefined;
  const length = bytes.readUInt16BE(marker + 2);
  const end = marker + 2 + length;
  return length >= 2 && end <= bytes.length ? end : undefined;
}

function isShown(code: number, segment: Buffer): boolean {
  const begin = SHOWN.get(code);
  if (begin !== undefined) return startsWith(segment, begin);
  return code !== COMMENT && !(code >= APP0 && code <= APP15);
}

function startsWith(segment: Buffer, text: string): boolean {
  return segment.toString('latin1', 4, 4 + text.length) === text;
}

function withoutThumbnail(segment: Buffer): Buffer {
  if (segment.length <= JFIF_BYTES) return segment;
  const bare = Buffer.from(segment.subarray(0, JFIF_BYTES));
  bare.writeUInt16BE(JFIF_BYTES - 2, 2);
  // Its width and height.
  bare.writeUInt16BE(0, JFIF_BYTES - 2);
  return bare;
}

function exifSegment(orientation: number): Buffer {
  const body = Buffer.concat([Buffer.from(EXIF, 'latin1'), exifOf(orientation)]);
  const head = Buffer.from([0xff, APP1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}
