import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import {
  editMarker,
  editsIn,
  looksLikeMarker,
  MAX_MARKERS,
  MarkerScanner,
  moveMarker,
} from '../../bench/generator/marker.ts';

function scanned(pieces: readonly Uint8Array[]): string[] {
  const found: string[] = [];
  const scanner = new MarkerScanner({
    onEdit: (number) => found.push(`edit ${number}`),
    onMove: (number) => found.push(`move ${number}`),
  });
  for (const piece of pieces) scanner.scan(piece, 0, piece.length);
  return found;
}

test('Markers are found wherever the bytes are cut.', () => {
  const text = `a${editMarker(0)}${editMarker(1)}bc${moveMarker(0)}é${moveMarker(MAX_MARKERS - 1)}${editMarker(MAX_MARKERS - 1)}`;
  const bytes = Buffer.from(text);
  const all = ['edit 0', 'edit 1', 'move 0', `move ${MAX_MARKERS - 1}`, `edit ${MAX_MARKERS - 1}`];
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(scanned([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(all);
  }
});

test('Markers are found wherever they begin.', () => {
  for (let before = 0; before <= 9; before++) {
    const bytes = Buffer.from(`${'a'.repeat(before)}${editMarker(5)}é${moveMarker(6)}${'b'.repeat(9 - before)}`);
    expect(scanned([bytes])).toEqual(['edit 5', 'move 6']);
  }
});

test('What is cut off at the end of a message is not continued by the next one.', () => {
  const found: number[] = [];
  const scanner = new MarkerScanner({ onEdit: (number) => found.push(number), onMove: () => {} });
  const bytes = Buffer.from(editMarker(7));
  scanner.scan(bytes, 0, 3);
  scanner.reset();
  scanner.scan(bytes, 3, 4);
  expect(found).toEqual([]);
});

test('A client id whose bytes could begin a marker is recognised.', () => {
  const bytesOf = (client: number): Uint8Array => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, client);
    return encoding.toUint8Array(encoder);
  };
  // The five bytes of this id are those of a marker, and one more.
  const client = 0x73 + 0x30 * 2 ** 7 + 2 ** 14 + 2 ** 21 + 2 ** 28;
  expect(scanned([bytesOf(client)])).toHaveLength(1);
  expect(looksLikeMarker(client)).toBe(true);
  expect(looksLikeMarker(client + 2)).toBe(false);
});

test('The edits of a text are those that have markers of edits.', () => {
  expect(editsIn(`x${editMarker(3)}y${moveMarker(4)}${editMarker(5)}`)).toEqual([3, 5]);
});
