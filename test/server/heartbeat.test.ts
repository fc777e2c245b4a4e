import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat } from '../../server/heartbeat.ts';

const INTERVAL_MS = 15_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Members that note when they are beaten. */
function membersOf(heartbeat: Heartbeat, count: number) {
  return Array.from({ length: count }, () => {
    const beats: number[] = [];
    const leave = heartbeat.add({ beat: () => void beats.push(performance.now()) });
    return { beats, leave };
  });
}

test('each is beaten once in every interval, and few at a time', () => {
  const heartbeat = new Heartbeat(INTERVAL_MS);
  const members = membersOf(heartbeat, 6_400);
  vi.advanceTimersByTime(4 * INTERVAL_MS + 500);
  const perTurn = new Map<number, number>();
  for (const { beats } of members) {
    expect([4, 5]).toContain(beats.length);
    for (const [i, at] of beats.entries()) {
      perTurn.set(at, (perTurn.get(at) ?? 0) + 1);
      if (i > 0) expect(Math.abs(at - (beats[i - 1] ?? 0) - INTERVAL_MS)).toBeLessThan(10);
    }
  }
  expect(Math.max(...perTurn.values())).toBe(100);
  heartbeat.stop();
});

test('who comes is beaten within an interval, who left is not, and nobody after the end', () => {
  const heartbeat = new Heartbeat(INTERVAL_MS);
  vi.advanceTimersByTime(INTERVAL_MS / 3);
  const [stays, leaves] = membersOf(heartbeat, 2);
  leaves?.leave();
  vi.advanceTimersByTime(INTERVAL_MS);
  expect([stays?.beats.length, leaves?.beats.length]).toEqual([1, 0]);
  heartbeat.stop();
  vi.advanceTimersByTime(2 * INTERVAL_MS);
  expect(stays?.beats).toHaveLength(1);
});

test('after a time in which nothing ran, nobody is beaten twice at once', () => {
  const heartbeat = new Heartbeat(INTERVAL_MS);
  const members = membersOf(heartbeat, 64);
  vi.advanceTimersByTime(INTERVAL_MS);
  const before = members.map(({ beats }) => beats.length);
  const asleepMs = 10 * INTERVAL_MS;
  const now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now + asleepMs);
  vi.advanceTimersByTime(INTERVAL_MS / 32);
  for (const [i, { beats }] of members.entries()) expect(beats.length - (before[i] ?? 0)).toBeLessThanOrEqual(1);
  vi.restoreAllMocks();
  heartbeat.stop();
});
