// Before anything is drawn: the look and the language that were chosen on this device. A script of its own, because a
// strict content security policy lets none stand in the page; the page's module would come after the first frame.
try {
  const theme = localStorage.getItem('scriptorium.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: as the system has it.
}
