/** A shortcut as this platform writes it: `Mod+Shift+8` is `Ctrl+Shift+8`, or `⇧⌘8` on a Mac. */
export function shownShortcut(shortcut: string): string {
  if (!isMac()) return shortcut.replace('Mod', 'Ctrl');
  const symbols: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
  return shortcut
    .split('+')
    .map((key) => symbols[key] ?? key)
    .join('');
}

/** A shortcut as ARIA has it. */
export function ariaShortcut(shortcut: string): string {
  return shortcut.replace('Mod', isMac() ? 'Meta' : 'Control');
}

/** Whether a key press is this shortcut. Letters by what the key types, everything else also by where the key is. */
export function isShortcut(event: KeyboardEvent, shortcut: string): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const has = (modifier: string): boolean => parts.includes(modifier);
  const mod = has('Mod');
  if (event.shiftKey !== has('Shift') || event.altKey !== has('Alt')) return false;
  if (event.ctrlKey !== (mod && !isMac()) || event.metaKey !== (mod && isMac())) return false;
  return event.key.toLowerCase() === key.toLowerCase() || CODES[key] === event.code;
}

/** Where keys are whose character changes with Shift or Alt, or that a layout has elsewhere. */
const CODES: Readonly<Record<string, string>> = {
  '.': 'Period',
  '/': 'Slash',
  '\\': 'Backslash',
  Up: 'ArrowUp',
  Down: 'ArrowDown',
};

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
