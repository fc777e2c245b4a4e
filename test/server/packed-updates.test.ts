import { expect, test } from 'vitest';
import { packUpdates, unpackUpdates } from '../../server/packed-updates.ts';

test('updates are what they were, and each ends where its memory ends', () => {
  const updates = [Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(9_000).fill(7), Uint8Array.of(4)];
  const unpacked = unpackUpdates(structuredClone(packUpdates(updates)));
  expect(unpacked).toEqual(updates);
  for (const { byteOffset, byteLength, buffer } of unpacked) {
    expect([byteOffset, byteLength]).toEqual([0, buffer.byteLength]);
  }
  expect(unpackUpdates(packUpdates([]))).toEqual([]);
});
