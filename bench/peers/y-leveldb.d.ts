export interface YLeveldb {
  append(room: string, update: Uint8Array): Promise<unknown>;
  compact(room: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a LevelDB folder with y-leveldb. */
export function openYLeveldb(folder: string): YLeveldb;
