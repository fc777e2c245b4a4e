export type { TextCounts } from './count-text.ts';
export { createCounts, type DocumentCounts, readCounts } from './counts.ts';
export { openFind } from './find/open-find.ts';
export { type Heading, headingsOf } from './headings.ts';
export { createOutline, type Shown } from './outline.ts';
export { switchMode, VIEW_MODES, type ViewMode, viewModesIn } from './view-modes.ts';
