import type { ClientMessage, ServerMessage, SharedMessage } from '../../protocol/index.ts';

/** A message and the bytes that stand for it. */
export interface WireExample<M> {
  readonly name: string;
  readonly message: M;
  readonly hex: string;
}

/** 200 bytes: their length takes two bytes on the wire. */
const LONG = new Uint8Array(200).fill(0xab);

/** Messages that go both ways. */
const SHARED: readonly WireExample<SharedMessage>[] = [
  {
    name: 'sync step 1',
    message: { type: 'sync-step-1', stateVector: Uint8Array.of(1, 5, 3) },
    hex: '00 00 03 01 05 03',
  },
  {
    name: 'sync step 1 of an empty document',
    message: { type: 'sync-step-1', stateVector: Uint8Array.of(0) },
    hex: '00 00 01 00',
  },
  { name: 'sync step 2', message: { type: 'sync-step-2', update: Uint8Array.of(0, 0) }, hex: '00 01 02 00 00' },
  { name: 'update', message: { type: 'update', update: Uint8Array.of(0xde, 0xad) }, hex: '00 02 02 de ad' },
  { name: 'long update', message: { type: 'update', update: LONG }, hex: `00 02 c8 01 ${'ab'.repeat(200)}` },
  { name: 'awareness', message: { type: 'awareness', update: Uint8Array.of(0) }, hex: '01 01 00' },
  { name: 'query awareness', message: { type: 'query-awareness' }, hex: '03' },
  { name: 'sync status', message: { type: 'sync-status', payload: Uint8Array.of(1, 2, 3) }, hex: '66 03 01 02 03' },
  { name: 'empty sync status', message: { type: 'sync-status', payload: new Uint8Array() }, hex: '66 00' },
];

export const FROM_CLIENT: readonly WireExample<ClientMessage>[] = [
  ...SHARED,
  {
    name: 'hello',
    message: { type: 'hello', hello: { protocol: 1 } },
    // {"protocol":1}
    hex: '64 0e 7b 22 70 72 6f 74 6f 63 6f 6c 22 3a 31 7d',
  },
  {
    name: 'hello that resumes',
    message: {
      type: 'hello',
      hello: { protocol: 1, token: 't', schema: 1, resume: { epoch: 'e', seq: 7 } },
    },
    // {"protocol":1,"token":"t","schema":1,"resume":{"epoch":"e","seq":7}}
    hex: `64 44 7b 22 70 72 6f 74 6f 63 6f 6c 22 3a 31 2c 22 74 6f 6b 65 6e 22 3a 22 74 22 2c
          22 73 63 68 65 6d 61 22 3a 31 2c 22 72 65 73 75 6d 65 22 3a 7b 22 65 70 6f 63
          68 22 3a 22 65 22 2c 22 73 65 71 22 3a 37 7d 7d`,
  },
  {
    name: 'token',
    message: { type: 'token', token: 't' },
    // {"token":"t"}
    hex: '69 0d 7b 22 74 6f 6b 65 6e 22 3a 22 74 22 7d',
  },
];

export const FROM_SERVER: readonly WireExample<ServerMessage>[] = [
  ...SHARED,
  { name: 'auth denied', message: { type: 'auth-denied', reason: 'nö' }, hex: '02 00 03 6e c3 b6' },
  {
    name: 'welcome',
    message: {
      type: 'welcome',
      welcome: {
        protocol: 1,
        epoch: 'e',
        seq: 7,
        access: 'write',
        user: null,
        limits: { maxMessageBytes: 16, heartbeatMs: 5 },
      },
    },
    // {"protocol":1,"epoch":"e","seq":7,"access":"write","user":null,"limits":{"maxMessageBytes":16,"heartbeatMs":5}}
    hex: `64 6f 7b 22 70 72 6f 74 6f 63 6f 6c 22 3a 31 2c 22 65 70 6f 63 68 22 3a 22 65 22 2c
          22 73 65 71 22 3a 37 2c 22 61 63 63 65 73 73 22 3a 22 77 72 69 74 65 22 2c 22 75 73
          65 72 22 3a 6e 75 6c 6c 2c 22 6c 69 6d 69 74 73 22 3a 7b 22 6d 61 78 4d 65 73 73 61
          67 65 42 79 74 65 73 22 3a 31 36 2c 22 68 65 61 72 74 62 65 61 74 4d 73 22 3a 35 7d 7d`,
  },
  { name: 'position', message: { type: 'position', seq: 300 }, hex: '65 ac 02' },
  { name: 'largest position', message: { type: 'position', seq: 2 ** 53 - 1 }, hex: '65 ff ff ff ff ff ff ff 0f' },
  {
    name: 'refusal',
    message: { type: 'refusal', refusal: { code: 'a', message: 'b', retry: true } },
    // {"code":"a","message":"b","retry":true}
    hex: `67 27 7b 22 63 6f 64 65 22 3a 22 61 22 2c 22 6d 65 73 73 61 67 65 22 3a 22 62 22 2c
          22 72 65 74 72 79 22 3a 74 72 75 65 7d`,
  },
  {
    name: 'event',
    message: { type: 'event', event: { type: 'title', title: 'ü' } },
    // {"type":"title","title":"ü"}
    hex: '68 1d 7b 22 74 79 70 65 22 3a 22 74 69 74 6c 65 22 2c 22 74 69 74 6c 65 22 3a 22 c3 bc 22 7d',
  },
];
