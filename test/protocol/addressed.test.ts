import { describe, expect, test } from 'vitest';
import {
  type AddressedClientMessage,
  type AddressedServerMessage,
  decodeAddressedFromClient,
  decodeAddressedFromServer,
  documentOfAddress,
  encodeAddressed,
  MAX_ADDRESS_BYTES,
} from '../../protocol/index.ts';
import { errorCode } from '../support/error-code.ts';
import { fromHex, inLargerBuffer, toHex } from '../support/hex.ts';

interface Example<M> {
  readonly name: string;
  readonly address: string;
  readonly message: M;
  readonly hex: string;
}

const BOTH: readonly Example<AddressedClientMessage & AddressedServerMessage>[] = [
  {
    name: 'sync step 1',
    address: 'd',
    message: { type: 'sync-step-1', stateVector: Uint8Array.of(0) },
    hex: '01 64 00 00 01 00',
  },
  {
    name: 'an update of a session',
    address: 'd\0s1',
    message: { type: 'update', update: Uint8Array.of(0xde, 0xad) },
    hex: '04 64 00 73 31 00 02 02 de ad',
  },
  {
    name: 'awareness',
    address: 'ü',
    message: { type: 'awareness', update: Uint8Array.of(0) },
    hex: '02 c3 bc 01 01 00',
  },
  { name: 'query awareness', address: 'd', message: { type: 'query-awareness' }, hex: '01 64 03' },
  { name: 'stateless', address: 'd', message: { type: 'stateless', payload: 'hi' }, hex: '01 64 05 02 68 69' },
];
const FROM_CLIENT: readonly Example<AddressedClientMessage>[] = [
  ...BOTH,
  { name: 'no token', address: 'd', message: { type: 'token', token: '' }, hex: '01 64 02 00 00' },
  {
    name: 'a token and a version',
    address: 'd',
    message: { type: 'token', token: 'no', version: '4' },
    hex: '01 64 02 00 02 6e 6f 01 34',
  },
  { name: 'close', address: 'd', message: { type: 'close' }, hex: '01 64 07' },
];
const FROM_SERVER: readonly Example<AddressedServerMessage>[] = [
  ...BOTH,
  { name: 'a request for the token', address: 'd', message: { type: 'token-request' }, hex: '01 64 02 00' },
  { name: 'denied', address: 'd', message: { type: 'permission-denied', reason: 'no' }, hex: '01 64 02 01 02 6e 6f' },
  {
    name: 'authenticated',
    address: 'd',
    message: { type: 'authenticated', scope: 'read-write' },
    hex: '01 64 02 02 0a 72 65 61 64 2d 77 72 69 74 65',
  },
  {
    name: 'authenticated to read',
    address: 'd',
    message: { type: 'authenticated', scope: 'readonly' },
    hex: '01 64 02 02 08 72 65 61 64 6f 6e 6c 79',
  },
  { name: 'taken', address: 'd', message: { type: 'edit-status', taken: true }, hex: '01 64 08 01' },
  { name: 'refused', address: 'd', message: { type: 'edit-status', taken: false }, hex: '01 64 08 00' },
  { name: 'over', address: 'd', message: { type: 'close', reason: 'no' }, hex: '01 64 07 02 6e 6f' },
];

interface Direction {
  readonly direction: string;
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly examples: readonly Example<AddressedClientMessage | AddressedServerMessage>[];
}

const DIRECTIONS: readonly Direction[] = [
  { direction: 'a client', decode: decodeAddressedFromClient, examples: FROM_CLIENT },
  { direction: 'a server', decode: decodeAddressedFromServer, examples: FROM_SERVER },
];

describe.each(DIRECTIONS)('what $direction says', ({ decode, examples }) => {
  describe.each(examples)('$name', ({ address, message, hex }) => {
    const bytes = fromHex(hex);

    test('is its address and then the message', () => {
      expect(toHex(encodeAddressed(address, message))).toBe(toHex(bytes));
      expect(decode(bytes)).toEqual({ address, message });
      expect(decode(inLargerBuffer(bytes))).toEqual({ address, message });
    });

    test('is malformed when it is cut off, though the rest follows in the same buffer', () => {
      for (let length = 0; length < bytes.length; length++) {
        const isWhole = message.type === 'token' && 'version' in message && length === bytes.length - 2;
        const cut = inLargerBuffer(bytes.slice(0, length), bytes.slice(length));
        expect([length, errorCode(() => decode(cut))]).toEqual([length, isWhole ? undefined : 'MALFORMED_MESSAGE']);
      }
    });

    test('is malformed with bytes after its end', () => {
      expect(errorCode(() => decode(Uint8Array.of(...bytes, 1, 0x30, 0)))).toBe('MALFORMED_MESSAGE');
    });
  });

  test('is a bare byte where it asks whether anybody is there', () => {
    expect([decode(fromHex('09')), decode(fromHex('0a'))]).toEqual(['ping', 'pong']);
  });

  test.each(['04', '06', '09', '0a', '64', '65', '66'])('has no type %s', (type) => {
    expect(errorCode(() => decode(fromHex(`01 64 ${type}`)))).toBe('UNKNOWN_MESSAGE_TYPE');
  });

  test('has an address with a bound', () => {
    const long = (length: number): Uint8Array => encodeAddressed('x'.repeat(length), { type: 'query-awareness' });
    expect(errorCode(() => decode(long(MAX_ADDRESS_BYTES)))).toBeUndefined();
    expect(errorCode(() => decode(long(MAX_ADDRESS_BYTES + 1)))).toBe('MALFORMED_MESSAGE');
  });
});

test('what is for servers is not taken from a client', () => {
  for (const hex of ['01 64 02 01 02 6e 6f', '01 64 02 02 00', '01 64 08 01']) {
    expect(errorCode(() => decodeAddressedFromClient(fromHex(hex)))).toBe('UNKNOWN_MESSAGE_TYPE');
  }
});

test('the document of an address is what stands before the session', () => {
  expect(['d', 'a/b\0s', '\0s', 'd\0s\0t'].map(documentOfAddress)).toEqual(['d', 'a/b', '', 'd']);
});
