import { expect, test } from 'vitest';
import { Samples } from '../../bench/generator/samples.ts';
import { Tally } from '../../bench/generator/tally.ts';

const timesOf = () => ({ edits: new Samples(), moves: new Samples(), durable: new Samples() });

test('An edit is missing until it came to each of the others, however often it comes to one.', () => {
  const times = timesOf();
  const tally = new Tally(3, times);
  tally.track();
  tally.measure();
  const number = tally.edit(0, true);
  expect(tally.missing).toBe(2);
  tally.editCame(number, 1, performance.now(), true);
  tally.editCame(number, 1, performance.now(), true);
  expect([tally.missing, times.edits.count]).toEqual([1, 1]);
  tally.editCame(number, 2, performance.now(), true);
  expect([tally.missing, tally.unconfirmed]).toEqual([0, 1]);
  tally.editCame(number, 0, performance.now(), true);
  expect([tally.unconfirmed, times.durable.count, times.edits.count]).toEqual([0, 1, 2]);
});

test('What was sent before the count does not count, nor does an echo to its author.', () => {
  const times = timesOf();
  const tally = new Tally(2, times);
  const before = tally.edit(0, false);
  tally.track();
  tally.measure();
  const number = tally.edit(0, false);
  tally.editCame(before, 1, performance.now(), false);
  tally.editCame(number, 0, performance.now(), false);
  expect([tally.missing, tally.unconfirmed, times.edits.count]).toEqual([1, 0, 0]);
});

test('What is sent between the count and the measurement has to come, and gives no time.', () => {
  const times = timesOf();
  const tally = new Tally(2, times);
  tally.track();
  const early = tally.edit(0, true);
  expect([tally.missing, tally.unconfirmed]).toEqual([1, 1]);
  tally.measure();
  tally.editCame(early, 1, performance.now(), true);
  tally.editCame(early, 0, performance.now(), true);
  expect([tally.missing, tally.unconfirmed, times.edits.count, times.durable.count]).toEqual([0, 0, 0, 0]);
});

test('Moves may be overtaken, but the last ones have to come.', () => {
  const times = timesOf();
  const tally = new Tally(3, times);
  tally.measure();
  const overtaken = tally.move(0);
  tally.moveCame(overtaken, 1, performance.now());
  expect([tally.missingMoves, times.moves.count]).toEqual([0, 1]);
  tally.lastMoves();
  const last = tally.move(0);
  expect(tally.missingMoves).toBe(2);
  for (const peer of [0, 1, 2]) tally.moveCame(last, peer, performance.now());
  expect([tally.missingMoves, times.moves.count]).toEqual([0, 1]);
});
