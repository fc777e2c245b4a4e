import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import { readBytes, readCount, readEnd, readText } from '../../protocol/read.ts';
import { errorCode } from '../support/error-code.ts';
import { fromHex, inLargerBuffer } from '../support/hex.ts';

const decoder = (hex: string) => decoding.createDecoder(inLargerBuffer(fromHex(hex)));

describe('readCount', () => {
  test.each([
    ['00', 0],
    ['7f', 127],
    ['80 01', 128],
    ['ff ff ff ff ff ff ff 0f', Number.MAX_SAFE_INTEGER],
    ['80 00', 0], // longer than need be, but lib0 takes it
  ])('reads %s as %d', (hex, value) => {
    expect(readCount(decoder(hex))).toBe(value);
  });

  test.each(['', '80', 'ff ff ff', 'ff ff ff ff ff ff ff 1f', 'ff ff ff ff ff ff ff ff ff ff ff'])(
    'refuses %j',
    (hex) => {
      expect(errorCode(() => readCount(decoder(hex)))).toBe('MALFORMED_MESSAGE');
    },
  );

  test('reads no value that a number cannot hold exactly', () => {
    const random = (i: number) => 2 ** (i / 4);
    for (let i = 0; i < 53 * 4; i++) {
      const value = Math.floor(random(i));
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, value);
      expect(readCount(decoding.createDecoder(encoding.toUint8Array(encoder)))).toBe(value);
    }
  });
});

describe('readBytes', () => {
  test('reads as many as it says', () => {
    expect(readBytes(decoder('02 de ad be'))).toEqual(Uint8Array.of(0xde, 0xad));
  });

  test('reads none where it says none', () => {
    expect(readBytes(decoder('00'))).toEqual(new Uint8Array());
  });

  test.each(['', '01', '03 de ad', 'ff ff ff ff ff ff ff 0f de'])('refuses %j', (hex) => {
    expect(errorCode(() => readBytes(decoder(hex)))).toBe('MALFORMED_MESSAGE');
  });
});

describe('readText', () => {
  test.each(['', 'a', 'ü', '𝄞', '\0', '\uFEFF{}', 'a\uFEFF'])('reads %j as lib0 writes it', (text) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, text);
    expect(readText(decoding.createDecoder(encoding.toUint8Array(encoder)))).toBe(text);
  });

  test.each([
    ['a byte that is never in UTF-8', '01 ff'],
    ['half a character', '01 c3'],
    ['a character longer than need be', '02 c0 80'],
    ['half of a surrogate pair', '03 ed a0 80'],
    ['more than unicode has', '04 f4 90 80 80'],
    ['a character whose second half is behind the end', '01 c3 bc'],
  ])('refuses %s', (_, hex) => {
    expect(errorCode(() => readText(decoder(hex)))).toBe('MALFORMED_MESSAGE');
  });
});

describe('readEnd', () => {
  test('says nothing at the end', () => {
    expect(errorCode(() => readEnd(decoder('')))).toBeUndefined();
  });

  test('refuses what comes after it', () => {
    expect(errorCode(() => readEnd(decoder('00')))).toBe('MALFORMED_MESSAGE');
  });
});
