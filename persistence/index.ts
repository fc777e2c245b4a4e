export { LevelStorage } from './level-storage.ts';
export { MemoryStorage } from './memory-storage.ts';
export type {
  DocumentInfo,
  Entry,
  ListOptions,
  NewDocument,
  NewEntry,
  Snapshot,
  Storage,
} from './storage.ts';
