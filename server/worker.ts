/** What runs in threads of its own: see compactor.ts and snapshot-reader.ts. */

import * as compaction from './compaction.ts';
import { type PackedUpdates, unpackUpdates } from './packed-updates.ts';

export { content, difference, whole } from './snapshot-views.ts';

/** What is compacted, as it comes from the thread that holds it. */
export interface PackedInput {
  readonly snapshot: Uint8Array | undefined;
  readonly updates: PackedUpdates;
}

export function compact({ snapshot, updates }: PackedInput): compaction.CompactionOutput {
  return compaction.compact({ snapshot, updates: unpackUpdates(updates) });
}
