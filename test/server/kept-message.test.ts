import { expect, test } from 'vitest';
import { keptMessage } from '../../server/kept-message.ts';

/** A message somewhere in what was read at once. */
const within = (read: number, at: number, length: number) => Buffer.from(new ArrayBuffer(read), at, length);

test('what came by itself, or with little beside it, stays where it was read', () => {
  for (const message of [within(66, 6, 60), within(80, 6, 60), within(60_014, 14, 60_000)]) {
    expect(keptMessage(message).buffer).toBe(message.buffer);
  }
});

test('one of many that came at once has memory of its own, with the same bytes', () => {
  for (const message of [within(65_536, 6, 60), within(65_536, 65_530, 6), within(1_000, 6, 300)]) {
    message.fill(7);
    const kept = keptMessage(message);
    expect(kept.buffer.byteLength).toBe(message.length);
    expect([...kept]).toEqual([...message]);
  }
});
