import type { SnapshotReader } from '../../server/snapshot-reader.ts';
import * as views from '../../server/snapshot-views.ts';

/** Reads snapshots in this thread, whatever their size. */
export const snapshotReader: SnapshotReader = {
  whole: async (snapshot) => views.whole(snapshot),
  difference: async (input) => views.difference(input),
  content: async (update) => views.content(update),
  close: async () => {},
};
