export { BACKUP_VERSION, type BackupFiles, decodeBackup, encodeBackup } from './backup-file.ts';
export type { BackupItem } from './backup-item.ts';
export { type CheckReport, checkStore } from './check-store.ts';
export { type DocumentFile, FileFolder, filesBeside } from './file-folder.ts';
export { FOREIGN_STORES, type ForeignDocument, type ForeignStore } from './foreign/foreign-store.ts';
export { backupFolder } from './level-backup.ts';
export { isDatabase as isStoreFolder } from './level-database.ts';
export { LevelStorage } from './level-storage.ts';
export { MemoryStorage } from './memory-storage.ts';
export { describeProblem, type Problem } from './problem.ts';
export { type Repaired, type RepairOptions, type RepairReport, repairStore } from './repair-store.ts';
export { type BackupSummary, restoreStore, verifyBackup } from './restore-store.ts';
export type {
  DocumentInfo,
  Entry,
  ListOptions,
  NewDocument,
  NewEntry,
  Snapshot,
  Storage,
} from './storage.ts';
