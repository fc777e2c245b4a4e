import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { cleanImage } from '../../../server/files/metadata/clean-image.ts';
import { exifOf, orientationIn } from '../../../server/files/metadata/orientation.ts';
import { GIF, png, JPEG as UNENDED, WEBP } from '../../support/images.ts';
import { exif, jpegPhoto, pngPhoto, SECRET_PLACE, webpPhoto } from '../../support/photos.ts';

const JPEG = Buffer.concat([UNENDED, Buffer.from('ffd9', 'hex')]);
const ONE = { width: 1, height: 1 };
const photos = (metadata: Buffer): [string, Buffer, Buffer][] => [
  ['jpg', JPEG, jpegPhoto(JPEG, metadata)],
  ['png', png(2, 1), pngPhoto(png(2, 1), metadata)],
  ['webp', WEBP, webpPhoto(WEBP, ONE, metadata)],
];

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
/** The EXIF that is left, by what EXIF begins with. */
const exifIn = (bytes: Uint8Array): Buffer[] =>
  [...textOf(bytes).matchAll(/II\*\0|MM\0\*/g)].map(({ index }) => Buffer.from(bytes).subarray(index));

describe('an image that is stored', () => {
  test.each(photos(exif(6)))(
    'as %s says nothing of where it was taken, and is as upright as before',
    (type, _, photo) => {
      expect(textOf(photo)).toContain(SECRET_PLACE);
      const clean = cleanImage(photo, type);
      expect(textOf(clean)).not.toContain(SECRET_PLACE);
      expect(exifIn(clean).map(orientationIn)).toEqual([6]);
      // Stored again, as with a duplicate of the document, it is the same.
      expect(cleanImage(clean, type)).toEqual(clean);
    },
  );

  test.each(photos(exif(1)))('as %s that need not be turned has no EXIF at all', (type, _, photo) => {
    expect(exifIn(cleanImage(photo, type))).toEqual([]);
  });

  test('keeps what its colours and its image are made of, byte by byte', () => {
    const jpeg = textOf(cleanImage(jpegPhoto(JPEG, exif(1)), 'jpg'));
    expect(jpeg).toContain('ICC_PROFILE\0\x01\x01a profile');
    expect(jpeg.endsWith(textOf(JPEG).slice(2))).toBe(true);
    const image = png(5, 4);
    const clean = textOf(cleanImage(pngPhoto(image, exif(1)), 'png'));
    expect(clean.slice(33, 49)).toContain('gAMA');
    expect(clean.slice(0, 33) + clean.slice(49)).toBe(textOf(image));
    expect(textOf(cleanImage(webpPhoto(WEBP, ONE, exif(1)), 'webp'))).toContain(textOf(WEBP.subarray(12)));
  });

  test('as WebP says that it has no such chunks any more, and how long it is', () => {
    const clean = Buffer.from(cleanImage(webpPhoto(WEBP, ONE, exif(1)), 'webp'));
    expect([clean[20], clean.readUInt32LE(4)]).toEqual([0, clean.length - 8]);
    const turned = Buffer.from(cleanImage(webpPhoto(WEBP, ONE, exif(8)), 'webp'));
    expect([turned[20], turned.readUInt32LE(4)]).toEqual([0x08, turned.length - 8]);
  });

  test.each([
    ['jpg', JPEG],
    ['jpg', UNENDED],
    ['png', png(3, 3)],
    ['webp', WEBP],
    ['gif', GIF],
    ['avif', Buffer.from('whatever')],
  ])('as %s with nothing beside the image is as it was', (type, bytes) => {
    expect(Buffer.from(cleanImage(bytes, type))).toEqual(bytes);
  });

  test('as JPEG that Photoshop wrote is the same image, without what it wrote beside it', async () => {
    const photo = await readFile(createRequire(import.meta.url).resolve('highlight.js/styles/pojoaque.jpg'));
    const clean = Buffer.from(cleanImage(photo, 'jpg'));
    expect([textOf(photo).includes('Ducky'), textOf(clean).includes('Ducky')]).toEqual([true, false]);
    expect(textOf(clean)).toContain('Adobe');
    const scan = (bytes: Buffer): Buffer => bytes.subarray(bytes.lastIndexOf(Buffer.from('ffda', 'hex')));
    expect(scan(clean)).toEqual(scan(photo));
  });

  test.each(photos(exif(6)))(
    'as %s that is cut off anywhere is refused or cut off, and tells nothing',
    (type, _, photo) => {
      for (let length = 0; length < photo.length; length++) {
        let clean: Uint8Array | undefined;
        try {
          clean = cleanImage(photo.subarray(0, length), type);
        } catch (error) {
          expect(error).toMatchObject({ code: 'UNSUPPORTED_FILE_TYPE' });
        }
        expect(textOf(clean ?? Buffer.alloc(0))).not.toContain(SECRET_PLACE.slice(0, 8));
      }
    },
  );

  test.each(photos(exif(6)))(
    'as %s with any byte changed is refused or stored, and nothing worse',
    (type, _, photo) => {
      for (let at = 0; at < photo.length; at++) {
        for (const value of [0x00, 0x7f, 0xff]) {
          const broken = Buffer.from(photo);
          broken[at] = value;
          try {
            expect(cleanImage(broken, type).length).toBeLessThanOrEqual(photo.length + 64);
          } catch (error) {
            expect(error).toMatchObject({ code: 'UNSUPPORTED_FILE_TYPE' });
          }
        }
      }
    },
  );
});

describe('the orientation in EXIF', () => {
  test.each([2, 3, 4, 5, 6, 7, 8])('%i is found in both orders of bytes, and in what is written of it', (value) => {
    expect([exif(value, 'II'), exif(value, 'MM'), exifOf(value)].map(orientationIn)).toEqual([value, value, value]);
  });

  test('that means nothing is none', () => {
    const far = exif(6);
    far.writeUInt32LE(0xffffffff, 4);
    const many = exif(6).subarray(0, 20);
    many.writeUInt16LE(0xffff, 8);
    for (const bytes of [exif(0), exif(1), exif(9), far, many, Buffer.alloc(0), Buffer.from('II*\0')])
      expect(orientationIn(bytes)).toBeUndefined();
  });
});
