import type { Access, PeerUser, ScriptoriumError } from '../protocol/index.ts';
import type { Batch } from './batch.ts';

/** A peer as the room sees it: one document on one connection. */
export interface RoomPeer {
  /** What it may do at present. */
  readonly access: Access;
  /** Whom the server takes it for; null for somebody unknown. */
  readonly user: PeerUser | null;
  /**
   * Whether it counts its edits, as Hocuspocus' provider does: each step 2 and update is confirmed by itself when it is
   * durable, in order, without being asked for; where it has to send everything again, it has to come back.
   */
  readonly countsEdits: boolean;
  /** Whether more waits for the peer to be read than should; it says `drained` when it has read everything. */
  readonly congested: boolean;
  send(batch: Batch): void;
  close(error: ScriptoriumError): void;
}
