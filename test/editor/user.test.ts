import { describe, expect, it } from 'vitest';
import { inkOn, readUser, shownColor, USER_COLORS } from '../../editor/index.ts';

/** WCAG's contrast of two `#rrggbb` colours. */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [one, other]
    .map((color) => {
      const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
        const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
        return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

describe("people's colours", () => {
  it('carry a readable name, and stand out from the page in both themes', () => {
    for (const color of USER_COLORS) {
      expect(contrast(color, inkOn(color)), color).toBeGreaterThanOrEqual(4.5);
      expect(contrast(color, '#fbfaf8'), color).toBeGreaterThanOrEqual(3);
      expect(contrast(color, '#16181d'), color).toBeGreaterThanOrEqual(3);
    }
    expect(new Set(USER_COLORS).size).toBe(USER_COLORS.length);
  });

  it('that others chose are shown so that they stand out, with a readable name', () => {
    const steps = ['00', '33', '66', '80', '99', 'cc', 'ff'];
    const colors = steps.flatMap((red) => steps.flatMap((green) => steps.map((blue) => `#${red}${green}${blue}`)));
    for (const color of colors) {
      expect(contrast(color, inkOn(color)), color).toBeGreaterThanOrEqual(4.5);
      const shown = shownColor(color);
      expect(contrast(shown, inkOn(shown)), `${color} as ${shown}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(shown, '#fbfaf8'), `${color} as ${shown}`).toBeGreaterThanOrEqual(3);
      expect(contrast(shown, '#16181d'), `${color} as ${shown}`).toBeGreaterThanOrEqual(3);
    }
    expect(USER_COLORS.map(shownColor)).toEqual(USER_COLORS);
  });
});

describe('a user from the network', () => {
  it('is made safe to show', () => {
    expect(readUser(null)).toEqual({ name: 'Somebody', color: '#707784' });
    expect(readUser({ id: 7, name: '  Ada ', color: '#ABCDEF' })).toEqual({ name: 'Ada', color: '#ABCDEF' });
    expect(readUser({ id: 'x', name: ' ' })).toMatchObject({ id: 'x', name: 'Somebody' });
  });

  it('has always the same colour if it sent none that is one', () => {
    for (const color of ['red', '#fff', 'url(x)', undefined, 7]) {
      expect(readUser({ id: 'x', name: 'Ada', color }).color).toBe(readUser({ id: 'x', name: 'Ben' }).color);
    }
    const colors = new Set(Array.from({ length: 100 }, (_, i) => readUser({ name: `Person ${i}` }).color));
    expect(colors.size).toBeGreaterThan(8);
    for (const color of colors) expect(USER_COLORS).toContain(color);
  });
});
