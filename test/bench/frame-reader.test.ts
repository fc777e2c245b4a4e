import { expect, test } from 'vitest';
import { FrameReader } from '../../bench/generator/frame-reader.ts';

const [BINARY, CONTINUATION, PING] = [0x2, 0x0, 0x9];
const FINAL = 0x80;

/** A server's frame: not masked. */
function frame(first: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.of(first, length), payload]);
  const header = length < 0x10000 ? Buffer.of(first, 126, 0, 0) : Buffer.of(first, 127, 0, 0, 0, 0, 0, 0, 0, 0);
  header.writeUIntBE(length, header.length - (length < 0x10000 ? 2 : 6), length < 0x10000 ? 2 : 6);
  return Buffer.concat([header, payload]);
}

function read(pieces: readonly Buffer[]): string[] {
  const found: string[] = [];
  let bytes = 0;
  const reader = new FrameReader({
    onPayload: (_, from, to) => {
      bytes += to - from;
    },
    onMessage: () => {
      found.push(`message of ${bytes}`);
      bytes = 0;
    },
    onPing: (payload) => found.push(`ping ${payload}`),
    onClose: () => found.push('close'),
  });
  for (const piece of pieces) reader.read(piece, 0, piece.length);
  return found;
}

test('Frames are read wherever the stream is cut.', () => {
  const stream = Buffer.concat([
    frame(FINAL | BINARY, Buffer.alloc(0)),
    frame(FINAL | BINARY, Buffer.alloc(125)),
    frame(BINARY, Buffer.alloc(126)),
    frame(FINAL | PING, Buffer.from('here?')),
    frame(FINAL | CONTINUATION, Buffer.alloc(4)),
    frame(FINAL | PING, Buffer.alloc(0)),
    frame(FINAL | BINARY, Buffer.alloc(70_000)),
    frame(FINAL | BINARY, Buffer.alloc(1)),
  ]);
  const all = [
    'message of 0',
    'message of 125',
    'ping here?',
    'message of 130',
    'ping ',
    'message of 70000',
    'message of 1',
  ];
  expect(read([stream])).toEqual(all);
  expect(read([...stream].map((byte) => Buffer.of(byte)))).toEqual(all);
  for (let cut = 0; cut < 300; cut++) {
    expect(read([stream.subarray(0, cut), stream.subarray(cut, cut + 3), stream.subarray(cut + 3)])).toEqual(all);
  }
});
