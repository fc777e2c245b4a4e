import { allows, ScriptoriumError } from '../protocol/index.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { Batch } from './batch.ts';
import type { Clock } from './clock.ts';
import type { DocumentLog } from './document-log.ts';
import type { RoomPeer } from './room-peer.ts';

/** How long who was refused waits for room before it is looked for again: what fills it may be other documents. */
const ASK_DELAY_MS = 1_000;

/** Asks those whose edits were refused for everything they have, when there is room for it and they may write. */
export class RefusedEdits {
  readonly #log: DocumentLog;
  readonly #clock: Clock;
  readonly #members: ReadonlyMap<RoomPeer, { readonly acknowledgement: Acknowledgement }>;
  #cancelTimer: (() => void) | undefined;

  constructor(
    { log, clock }: { readonly log: DocumentLog; readonly clock: Clock },
    members: ReadonlyMap<RoomPeer, { readonly acknowledgement: Acknowledgement }>,
  ) {
    this.#log = log;
    this.#clock = clock;
    this.#members = members;
  }

  askLater(): void {
    this.#cancelTimer ??= this.#clock.after(ASK_DELAY_MS, () => {
      this.#cancelTimer = undefined;
      this.ask();
    });
  }

  /** Asks whom it can ask now. */
  ask(): void {
    for (const [peer, { acknowledgement }] of this.#members) {
      const bytes = acknowledgement.toBeAsked;
      if (bytes === undefined || !allows(peer.access, 'write')) continue;
      if (!this.#log.makeRoom(bytes)) {
        this.askLater();
        continue;
      }
      acknowledgement.asked();
      if (peer.countsEdits) {
        peer.close(new ScriptoriumError('RESYNC_NEEDED', 'What was refused can be taken now: connect again.'));
        continue;
      }
      peer.send(Batch.of({ type: 'sync-step-1', stateVector: this.#log.encodeStateVector() }));
    }
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
