import { isStoreFolder, LevelStorage, type Storage } from '../../persistence/index.ts';
import { ScriptoriumError } from '../../protocol/index.ts';

/**
 * Opens the store in a folder, does something with it, and closes it.
 * @throws ScriptoriumError STORE_LOCKED when another process has it, STORE_UNAVAILABLE when there is none
 */
export async function withStorage<T>(folder: string, work: (storage: Storage) => Promise<T>): Promise<T> {
  if (!isStoreFolder(folder)) throw new ScriptoriumError('STORE_UNAVAILABLE', `There is no store in ${folder}.`);
  const storage = new LevelStorage(folder);
  await storage.open();
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}
