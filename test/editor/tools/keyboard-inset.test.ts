import { describe, expect, it } from 'vitest';
import { keyboardInset } from '../../../editor/tools/keyboard-inset.ts';

describe('what the on-screen keyboard covers', () => {
  it('is what is missing at the lower end of the page, also when the page was pushed up', () => {
    expect(keyboardInset({ offsetTop: 0, height: 500, scale: 1 }, 844)).toBe(344);
    expect(keyboardInset({ offsetTop: 120, height: 500, scale: 1 }, 844)).toBe(224);
  });

  it('is nothing where the page itself became smaller, when it is closed, and when somebody zooms in', () => {
    expect(keyboardInset({ offsetTop: 0, height: 500, scale: 1 }, 500)).toBe(0);
    expect(keyboardInset({ offsetTop: 0, height: 844, scale: 1 }, 844)).toBe(0);
    expect(keyboardInset({ offsetTop: 344.4, height: 500, scale: 1 }, 844)).toBe(0);
    expect(keyboardInset({ offsetTop: 100, height: 422, scale: 2 }, 844)).toBe(0);
  });
});
