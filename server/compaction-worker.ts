/** What the worker thread runs for each compaction. */
export { compact as default } from './compaction.ts';
