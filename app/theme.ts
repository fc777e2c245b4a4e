/** How the page looks: as the system has it, or always light or dark. */
export type PageTheme = (typeof THEMES)[number];
export const THEMES = ['system', 'light', 'dark'] as const;

/** `public/before-paint.js` reads it too, before anything is drawn. */
const STORAGE_KEY = 'scriptorium.theme';

/** What was chosen on this device. */
export function chosenTheme(): PageTheme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Changes the look and remembers it on this device. */
export function chooseTheme(theme: PageTheme): void {
  show(theme);
  try {
    if (theme === 'system') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Forbidden or full: it then lasts as long as the page.
  }
}

/** Follows what other tabs choose. Returns what stops it. */
export function watchTheme(): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key === STORAGE_KEY) show(THEMES.find((theme) => theme === event.newValue) ?? 'system');
  };
  window.addEventListener('storage', onStorage);
  return () => window.removeEventListener('storage', onStorage);
}

function show(theme: PageTheme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
