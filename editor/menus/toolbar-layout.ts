import type { BarLayout } from './bar.ts';

/** The toolbar above the text. What does not fit goes from the end into the menu there: the last is the least needed. */
export const TOOLBAR: BarLayout = [
  ['undo', 'redo'],
  ['menu:blockType'],
  ['bold', 'italic', 'underline', 'strike', 'code', 'link', 'menu:color'],
  ['bulletList', 'orderedList', 'taskList'],
  ['menu:align', 'menu:insert', 'menu:table'],
];

/** The bar at a selection of text. */
export const BUBBLE: BarLayout = [
  ['menu:blockType'],
  ['bold', 'italic', 'underline', 'strike', 'code'],
  ['link', 'menu:color', 'clearFormat'],
];
