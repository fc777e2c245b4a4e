import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import { writePermissionDenied } from 'y-protocols/auth';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import {
  type ClientMessage,
  MESSAGE_TYPE,
  readClientMessage,
  readServerMessage,
  type ServerMessage,
  SYNC_TYPE,
  writeMessage,
} from '../../protocol/index.ts';
import { errorCode } from '../support/error-code.ts';
import { fromHex, toHex } from '../support/hex.ts';
import { FROM_CLIENT, FROM_SERVER } from './wire-examples.ts';

const fromClient = (hex: string): ClientMessage => readClientMessage(decoding.createDecoder(fromHex(hex)));
const fromServer = (hex: string): ServerMessage => readServerMessage(decoding.createDecoder(fromHex(hex)));

function written(message: ClientMessage | ServerMessage): string {
  const encoder = encoding.createEncoder();
  writeMessage(encoder, message);
  return toHex(encoding.toUint8Array(encoder));
}

/** What y-protocols writes after the type number that y-websocket writes. */
function writtenByOthers(type: number, write: (encoder: encoding.Encoder) => void): string {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return toHex(encoding.toUint8Array(encoder));
}

describe.each(FROM_CLIENT)('$name from a client', ({ message, hex }) => {
  test('is written as these bytes', () => {
    expect(written(message)).toBe(toHex(fromHex(hex)));
  });
  test('is read from these bytes', () => {
    expect(fromClient(hex)).toEqual(message);
  });
});

describe.each(FROM_SERVER)('$name from a server', ({ message, hex }) => {
  test('is written as these bytes', () => {
    expect(written(message)).toBe(toHex(fromHex(hex)));
  });
  test('is read from these bytes', () => {
    expect(fromServer(hex)).toEqual(message);
  });
});

describe('what y-protocols writes is the same, byte for byte', () => {
  const doc = new Y.Doc();
  doc.clientID = 5;
  doc.getText('t').insert(0, 'abc');

  test('sync step 1', () => {
    const hex = writtenByOthers(0, (encoder) => syncProtocol.writeSyncStep1(encoder, doc));
    expect(hex).toBe('00 00 03 01 05 03');
    expect(written({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) })).toBe(hex);
  });

  test('sync step 2', () => {
    const hex = writtenByOthers(0, (encoder) => syncProtocol.writeSyncStep2(encoder, doc));
    expect(hex).toBe('00 01 0d 01 01 05 00 04 01 01 74 03 61 62 63 00');
    expect(written({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc) })).toBe(hex);
  });

  test('update', () => {
    const update = Y.encodeStateAsUpdate(doc);
    const hex = writtenByOthers(0, (encoder) => syncProtocol.writeUpdate(encoder, update));
    expect(written({ type: 'update', update })).toBe(hex);
  });

  test('awareness', () => {
    const awareness = new Awareness(doc);
    awareness.setLocalState({ name: 'Zoë' });
    const update = encodeAwarenessUpdate(awareness, [5]);
    awareness.destroy();
    const hex = writtenByOthers(1, (encoder) => encoding.writeVarUint8Array(encoder, update));
    expect(written({ type: 'awareness', update })).toBe(hex);
  });

  test('auth denied', () => {
    const hex = writtenByOthers(2, (encoder) => writePermissionDenied(encoder, 'nö'));
    expect(written({ type: 'auth-denied', reason: 'nö' })).toBe(hex);
  });
});

test('the type numbers are those of PROTOCOL.md', () => {
  expect(MESSAGE_TYPE).toEqual({
    sync: 0,
    awareness: 1,
    auth: 2,
    queryAwareness: 3,
    hello: 100,
    position: 101,
    syncStatus: 102,
    refusal: 103,
    event: 104,
    token: 105,
  });
  expect(SYNC_TYPE).toEqual({ step1: 0, step2: 1, update: 2 });
});

describe('types that do not exist are refused as unknown', () => {
  test.each(['04', '05 00', '63 00', '6a 02 7b 7d', '80 01', 'ff ff ff ff ff ff ff 0f'])('%s', (hex) => {
    expect(errorCode(() => fromClient(hex))).toBe('UNKNOWN_MESSAGE_TYPE');
    expect(errorCode(() => fromServer(hex))).toBe('UNKNOWN_MESSAGE_TYPE');
  });

  test('a sync sub-type', () => {
    expect(errorCode(() => fromClient('00 03 01 00'))).toBe('UNKNOWN_MESSAGE_TYPE');
    expect(errorCode(() => fromServer('00 80 01 01 00'))).toBe('UNKNOWN_MESSAGE_TYPE');
  });

  test('an auth sub-type from a server', () => {
    expect(errorCode(() => fromServer('02 01 02 6e 6f'))).toBe('UNKNOWN_MESSAGE_TYPE');
  });
});

test.each(FROM_SERVER.filter(({ name }) => /auth|position|refusal|event/.test(name)))(
  'a client may not send what only a server says: $name',
  ({ hex }) => {
    expect(errorCode(() => fromClient(hex))).toBe('UNKNOWN_MESSAGE_TYPE');
  },
);

test('a hello from a server and a welcome from a client are malformed: both have type 100', () => {
  expect(errorCode(() => fromServer('64 0e 7b 22 70 72 6f 74 6f 63 6f 6c 22 3a 31 7d'))).toBe('MALFORMED_MESSAGE');
  const asClient = readClientMessage(
    decoding.createDecoder(fromHex(FROM_SERVER.find(({ name }) => name === 'welcome')?.hex ?? '')),
  );
  expect(asClient).toEqual({ type: 'hello', hello: { protocol: 1 } }); // what a hello does not know is passed over
});

test('byte fields are read as views: nothing is copied on the way to a peer', () => {
  const bytes = fromHex('00 02 02 de ad');
  const message = readClientMessage(decoding.createDecoder(bytes));
  if (message.type !== 'update') throw new Error(message.type);
  expect(message.update.buffer).toBe(bytes.buffer);
  expect(message.update.byteOffset).toBe(3);
});

test('reading stops at the end of the message, so that a framing may put more behind it', () => {
  const decoder = decoding.createDecoder(fromHex('00 02 02 de ad 03'));
  expect(readClientMessage(decoder).type).toBe('update');
  expect(readClientMessage(decoder).type).toBe('query-awareness');
});

describe('text and JSON that are none are malformed', () => {
  test.each([
    ['a hello that is not UTF-8', '64 02 c3 28'],
    ['a hello that is no JSON', '64 01 7b'],
    ['an empty hello', '64 00'],
    ['a hello that is an array', '64 02 5b 5d'],
    ['a hello that is null', '64 04 6e 75 6c 6c'],
    ['a hello without a protocol', '64 02 7b 7d'],
  ])('%s', (_, hex) => {
    expect(errorCode(() => fromClient(hex))).toBe('MALFORMED_MESSAGE');
  });

  test.each([
    ['a denial that is not UTF-8', '02 00 01 ff'],
    ['a welcome that is not UTF-8', '64 03 22 80 22'],
    ['a welcome without anything', '64 02 7b 7d'],
    ['a refusal that is a string', '67 03 22 61 22'],
    ['an event without a type', '68 02 7b 7d'],
  ])('%s', (_, hex) => {
    expect(errorCode(() => fromServer(hex))).toBe('MALFORMED_MESSAGE');
  });
});
