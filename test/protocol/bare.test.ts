import { describe, expect, test } from 'vitest';
import {
  type ClientMessage,
  decodeBareFromClient,
  decodeBareFromServer,
  encodeBare,
  type ServerMessage,
} from '../../protocol/index.ts';
import { errorCode } from '../support/error-code.ts';
import { fromHex, inLargerBuffer, toHex } from '../support/hex.ts';
import { seededRandom } from '../support/random.ts';
import { FROM_CLIENT, FROM_SERVER, type WireExample } from './wire-examples.ts';

interface Direction {
  readonly direction: string;
  readonly decode: (bytes: Uint8Array) => ClientMessage | ServerMessage;
  readonly examples: readonly WireExample<ClientMessage | ServerMessage>[];
}

const DIRECTIONS: readonly Direction[] = [
  { direction: 'from a client', decode: decodeBareFromClient, examples: FROM_CLIENT },
  { direction: 'from a server', decode: decodeBareFromServer, examples: FROM_SERVER },
];

describe.each(DIRECTIONS)('a message $direction', ({ decode, examples }) => {
  describe.each(examples)('$name', ({ message, hex }) => {
    const bytes = fromHex(hex);

    test('is the whole of a WebSocket message', () => {
      expect(toHex(encodeBare(message))).toBe(toHex(bytes));
      expect(decode(bytes)).toEqual(message);
    });

    test('is read the same from a view into a larger buffer', () => {
      expect(decode(inLargerBuffer(bytes))).toEqual(message);
    });

    test('is malformed when it is cut off anywhere', () => {
      for (let length = 0; length < bytes.length; length++) {
        const alone = bytes.slice(0, length);
        expect([length, errorCode(() => decode(alone))]).toEqual([length, 'MALFORMED_MESSAGE']);
      }
    });

    test('is malformed when it is cut off anywhere, though the rest follows in the same buffer', () => {
      for (let length = 0; length < bytes.length; length++) {
        const cut = inLargerBuffer(bytes.slice(0, length), bytes.slice(length));
        expect([length, errorCode(() => decode(cut))]).toEqual([length, 'MALFORMED_MESSAGE']);
      }
    });

    test('is malformed with a byte after its end', () => {
      expect(errorCode(() => decode(Uint8Array.of(...bytes, 0)))).toBe('MALFORMED_MESSAGE');
    });
  });

  describe('is malformed when a length reaches past its end', () => {
    test.each([
      ['by one byte', '00 02 03 de ad'],
      ['by 2^32', '00 02 80 80 80 80 10 de ad'],
      ['to the largest whole number', '00 02 ff ff ff ff ff ff ff 0f de ad'],
      ['to more than a whole number can be', '00 02 ff ff ff ff ff ff ff ff 7f de ad'],
      ['and its digits never end', '00 02 ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff'],
      ['in an awareness update', '01 05 00'],
      ['in a sync status', '66 05 00'],
      ['in JSON', '64 7f 7b 7d'],
    ])('%s', (_, hex) => {
      const bytes = fromHex(hex);
      expect(errorCode(() => decode(bytes))).toBe('MALFORMED_MESSAGE');
      // What it reaches into belongs to another message: it must not be handed out.
      expect(errorCode(() => decode(inLargerBuffer(bytes)))).toBe('MALFORMED_MESSAGE');
    });
  });

  test('that is random bytes is read or refused, and never throws anything else', () => {
    const random = seededRandom(1);
    const types = [0, 1, 2, 3, 100, 101, 102, 103, 104];
    const codes = new Set<string>();
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 12) }, () => Math.floor(random() * 256));
      // Most of them begin well, so that more than the type is put to the test.
      if (bytes.length > 0 && random() < 0.9) bytes[0] = types[Math.floor(random() * types.length)] ?? 0;
      if (bytes.length > 1 && random() < 0.7) bytes[1] = Math.floor(random() * 4);
      codes.add(errorCode(() => decode(inLargerBuffer(bytes))) ?? 'read');
    }
    expect([...codes].sort()).toEqual(['MALFORMED_MESSAGE', 'UNKNOWN_MESSAGE_TYPE', 'read']);
  });
});
