/** Who is writing, as the others see it. Travels in the awareness state under `user`. */
export interface EditorUser {
  /** The same for all tabs and devices of one person, so that they count as one. */
  readonly id?: string;
  readonly name: string;
  /** `#rrggbb`. Any other notation is shown as grey. */
  readonly color: string;
}

/**
 * Colours for people, one value for both themes: white text on each has a contrast of at least 4.5, and each stands out
 * by at least 3 from a white page and from a near-black one.
 */
export const USER_COLORS: readonly string[] = Object.freeze([
  '#d93a26',
  '#bd5804',
  '#976e00',
  '#5b8000',
  '#15854a',
  '#0d8078',
  '#0b7bb0',
  '#2f6fe0',
  '#7457e8',
  '#a845cc',
  '#cc3299',
  '#d9305f',
]);

const UNKNOWN_COLOR = '#707784';
const MAX_NAME_LENGTH = 60;

/** The user in somebody's awareness state, made safe to show: the state is whatever that client chose to send. */
export function readUser(value: unknown): EditorUser {
  const { id, name, color } = isRecord(value) ? value : {};
  return {
    ...(typeof id === 'string' && id !== '' ? { id } : {}),
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, MAX_NAME_LENGTH) : 'Somebody',
    color: typeof color === 'string' && /^#[\da-f]{6}$/i.test(color) ? color : UNKNOWN_COLOR,
  };
}

/** The more readable of white and near-black for text on `color` (`#rrggbb`), by WCAG's contrast. */
export function inkOn(color: string): '#ffffff' | '#14161a' {
  // 0.1791 is the luminance at which black and white have the same contrast; a little more favours white on mid tones.
  return luminance(color) > 0.2 ? '#14161a' : '#ffffff';
}

/** Relative luminance, 0 to 1, as WCAG 2 defines it. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
