import { language } from './language.ts';

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** When something was, seen from `now` (both epoch ms): "5 minutes ago" up to a week, then the date. */
export function describeTime(at: number, now: number, { locale, messages } = language()): string {
  const ago = Math.max(0, now - at);
  if (ago > 7 * 86_400_000) return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at);
  for (const [unit, ms] of UNITS) {
    if (ago >= ms) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.floor(ago / ms), unit);
  }
  return messages.common.justNow;
}
