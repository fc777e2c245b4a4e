const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/** When something was, seen from `now` (both epoch ms): "5 minutes ago" up to a week, then the date. */
export function describeTime(at: number, now: number): string {
  const ago = Math.max(0, now - at);
  if (ago > 7 * 86_400_000) return absolute.format(at);
  for (const [unit, ms] of UNITS) if (ago >= ms) return relative.format(-Math.floor(ago / ms), unit);
  return 'just now';
}
