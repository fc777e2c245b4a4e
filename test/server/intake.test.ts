import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Intake } from '../../server/intake.ts';

const LIMITS = { maxMessagesPerSecond: 10, maxBytesPerSecond: 1_000, floodTimeoutMs: 5_000 };

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(1_000);
});
afterEach(() => void vi.useRealTimers());

/** An intake, whether its socket is read, and what it was closed with. */
function open() {
  const state = { reading: true, floods: [] as string[] };
  const read = (reading: boolean) => () => {
    state.reading = reading;
  };
  const source = { pause: read(false), resume: read(true) };
  const intake = new Intake(source, LIMITS, ({ code }) => state.floods.push(code));
  const count = (messages: number, bytes = 1) => {
    for (let i = 0; i < messages; i++) intake.count(bytes);
  };
  return { intake, state, count };
}

test('a socket is read until its messages are used up, and again when it has made up for what came too many', () => {
  const { intake, state, count } = open();
  count(100);
  expect([state.reading, intake.slowed]).toEqual([true, false]);
  count(5);
  expect([state.reading, intake.slowed]).toEqual([false, true]);
  vi.advanceTimersByTime(498);
  expect(state.reading).toBe(false);
  vi.advanceTimersByTime(4);
  expect([state.reading, intake.slowed]).toEqual([true, false]);
});

test('bytes count as well', () => {
  const { state, count } = open();
  count(1, 12_000);
  expect(state.reading).toBe(false);
  vi.advanceTimersByTime(2_002);
  expect(state.reading).toBe(true);
});

test('what had been read already makes the pause longer', () => {
  const { state, count } = open();
  count(101);
  vi.advanceTimersByTime(50);
  count(20);
  vi.advanceTimersByTime(1_900);
  expect(state.reading).toBe(false);
  vi.advanceTimersByTime(200);
  expect(state.reading).toBe(true);
});

test('one that is held is not read before it is released, and one that is slowed not before that is over', () => {
  const { intake, state, count } = open();
  intake.hold();
  count(105);
  vi.advanceTimersByTime(1_000);
  expect(state.reading).toBe(false);
  intake.release();
  expect(state.reading).toBe(true);
  count(20);
  intake.hold();
  intake.release();
  expect(state.reading).toBe(false);
});

test('a flood without a break is told of, one with breaks is not', () => {
  const { state, count } = open();
  count(100);
  for (let i = 0; i < 20; i++) {
    count(10);
    vi.advanceTimersByTime(2_000); // a second to make up for it, and one in which nothing comes
  }
  expect(state.floods).toEqual([]);
  count(20);
  for (let i = 0; i < 1_000 && state.floods.length === 0; i++) {
    if (state.reading) count(3); // at once, whenever it is read
    vi.advanceTimersByTime(50);
  }
  expect(state.floods[0]).toBe('TOO_MANY_MESSAGES');
});

test('after a hundred messages it is the turn of others', async () => {
  const { intake } = open();
  for (let i = 0; i < 99; i++) expect(intake.turn()).toBeUndefined();
  const others = intake.turn();
  let theirTurn = false;
  void others?.then(() => {
    theirTurn = true;
  });
  await Promise.resolve();
  expect(theirTurn).toBe(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(theirTurn).toBe(true);
  expect(intake.turn()).toBeUndefined();
});
