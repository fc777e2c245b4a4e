/** Who is writing, as the others see it. Travels in the awareness state under `user`. */
export interface EditorUser {
  /** The same for all tabs and devices of one person, so that they count as one. */
  readonly id?: string;
  readonly name: string;
  /** `#rrggbb`. With any other notation the person gets a colour of ours, always the same for the same `id` or name. */
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

/** Between these, a colour has a contrast of 3 to the pages of both themes. */
const [MIN_LUMINANCE, MAX_LUMINANCE] = [0.15, 0.28];

/** The user in somebody's awareness state, made safe to show: the state is whatever that client chose to send. */
export function readUser(value: unknown): EditorUser {
  const user = isRecord(value) ? value : {};
  const id = typeof user['id'] === 'string' && user['id'] !== '' ? user['id'] : undefined;
  const name = typeof user['name'] === 'string' ? user['name'].trim().slice(0, MAX_NAME_LENGTH) : '';
  const { color } = user;
  return {
    ...(id !== undefined && { id }),
    name: name || 'Somebody',
    color: typeof color === 'string' && /^#[\da-f]{6}$/i.test(color) ? color : colorOf(id ?? name),
  };
}

/** White or black for text on `color` (`#rrggbb`): WCAG's contrast is at least 4.5. */
export function inkOn(color: string): '#ffffff' | '#000000' {
  // White has a contrast of 4.5 up to a luminance of 0.1833, black from 0.175.
  return luminance(color) > 0.1833 ? '#000000' : '#ffffff';
}

/**
 * The colour as it is shown: whatever somebody chose, darker or lighter until it stands out by at least 3 from a white page
 * and from a near-black one. The hue stays.
 */
export function shownColor(color: string): string {
  const light = luminance(color);
  if (light >= MIN_LUMINANCE && light <= MAX_LUMINANCE) return color;
  const [goal, towards] = light < MIN_LUMINANCE ? [MIN_LUMINANCE, 255] : [MAX_LUMINANCE, 0];
  // Halving the share of the other end eight times is as exact as a channel.
  let [nearest, furthest] = [0, 1];
  for (let i = 0; i < 8; i++) {
    const share = (nearest + furthest) / 2;
    const isEnough =
      towards === 0 ? luminance(mix(color, 0, share)) <= goal : luminance(mix(color, 255, share)) >= goal;
    if (isEnough) furthest = share;
    else nearest = share;
  }
  return mix(color, towards, furthest);
}

/** `color` with a share, 0 to 1, of the grey whose channels are all `grey`. */
function mix(color: string, grey: number, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16);
    return Math.round(channel + (grey - channel) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}

/** One of our colours for whoever has none, always the same for the same text. */
function colorOf(text: string): string {
  let hash = 0;
  for (const letter of text) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return (text === '' ? undefined : USER_COLORS[hash % USER_COLORS.length]) ?? UNKNOWN_COLOR;
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
