/** What runs in threads of its own: see compactor.ts and snapshot-reader.ts. */
export { compact } from './compaction.ts';
export { content, difference, whole } from './snapshot-views.ts';
