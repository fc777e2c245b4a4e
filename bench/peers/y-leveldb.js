// The storage of the y-websocket server of old and of others, as they use it: LevelDB without sync.
import { LeveldbPersistence } from 'y-leveldb';

export function openYLeveldb(folder) {
  const persistence = new LeveldbPersistence(folder);
  return {
    append: (room, update) => persistence.storeUpdate(room, update),
    compact: (room) => persistence.flushDocument(room),
    close: () => persistence.destroy(),
  };
}
