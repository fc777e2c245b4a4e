import { deflateSync } from 'node:zlib';
import { chunk } from './images.ts';

/** What nobody may find in a photo that was stored. */
export const SECRET_PLACE = '52.520008N 13.404954E';

/** EXIF as a camera writes it, in either order of bytes: its maker, how it was held, and where. */
export function exif(orientation: number, order: 'II' | 'MM' = 'II'): Buffer {
  const place = Buffer.from(`${SECRET_PLACE}\0`, 'latin1');
  const tiff = Buffer.alloc(8 + 2 + 3 * 12 + 4);
  const short = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const long = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  tiff.write(order, 'latin1');
  short(42, 2);
  long(8, 4);
  short(3, 8);
  // Tag, type, count, value or where it is: the maker, the orientation, the directory of the place.
  for (const [index, [tag, type, count, value]] of [
    [0x010f, 2, place.length, tiff.length],
    [0x0112, 3, 1, orientation],
    [0x8825, 4, 1, tiff.length],
  ].entries()) {
    const at = 10 + index * 12;
    short(tag ?? 0, at);
    short(type ?? 0, at + 2);
    long(count ?? 0, at + 4);
    if (type === 3) short(value ?? 0, at + 8);
    else long(value ?? 0, at + 8);
  }
  return Buffer.concat([tiff, place]);
}

/** A JPEG with all that a telephone writes into it: behind its beginning, and behind its end. */
export function jpegPhoto(image: Buffer, metadata: Buffer): Buffer {
  const segment = (code: number, body: string | Buffer): Buffer => {
    const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
    const head = Buffer.from([0xff, code, 0, 0]);
    head.writeUInt16BE(bytes.length + 2, 2);
    return Buffer.concat([head, bytes]);
  };
  return Buffer.concat([
    image.subarray(0, 2),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), metadata])),
    segment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${SECRET_PLACE}</x:xmpmeta>`),
    segment(0xe2, `MPF\0${SECRET_PLACE}`),
    segment(0xe2, 'ICC_PROFILE\0\x01\x01a profile'),
    segment(0xed, `Photoshop 3.0\x008BIM${SECRET_PLACE}`),
    segment(0xfe, SECRET_PLACE),
    image.subarray(2),
    Buffer.from(`....ftypmp42${SECRET_PLACE}`, 'latin1'),
  ]);
}

/** A PNG with EXIF, texts and a time. */
export function pngPhoto(image: Buffer, metadata: Buffer): Buffer {
  const text = Buffer.from(`Comment\0${SECRET_PLACE}`, 'latin1');
  // Behind the signature and the header.
  const start = 8 + 25;
  return Buffer.concat([
    image.subarray(0, start),
    chunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f])),
    chunk('eXIf', metadata),
    chunk('tEXt', text),
    chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(text)])),
    chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${SECRET_PLACE}`, 'latin1')),
    chunk('tIME', Buffer.alloc(7)),
    image.subarray(start),
    Buffer.from(SECRET_PLACE, 'latin1'),
  ]);
}

/** A WebP with EXIF and XMP, made of one that has none. */
export function webpPhoto(image: Buffer, size: { width: number; height: number }, metadata: Buffer): Buffer {
  const part = (type: string, body: Buffer): Buffer => {
    const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  // What there is beside the image, and the size.
  const hasFeatures = image.toString('latin1', 12, 16) === 'VP8X';
  const features = hasFeatures ? Buffer.from(image.subarray(20, 30)) : Buffer.alloc(10);
  features.writeUInt8(features.readUInt8(0) | 0x08 | 0x04, 0);
  features.writeUIntLE(size.width - 1, 4, 3);
  features.writeUIntLE(size.height - 1, 7, 3);
  const body = Buffer.concat([
    Buffer.from('WEBP', 'latin1'),
    part('VP8X', features),
    image.subarray(hasFeatures ? 30 : 12),
    part('EXIF', metadata),
    part('XMP ', Buffer.from(`<x:xmpmeta>${SECRET_PLACE}</x:xmpmeta>`, 'latin1')),
  ]);
  return Buffer.concat([part('RIFF', body).subarray(0, 8), body, Buffer.from(SECRET_PLACE, 'latin1')]);
}
