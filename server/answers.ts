import type { ServerMessage } from '../protocol/index.ts';
import { Outgoing } from './batch.ts';
import type { Clock } from './clock.ts';
import type { DocumentLog, Updates } from './document-log.ts';
import { JoinedEntries } from './joined-entries.ts';

/** So long an answer is kept for who asks the same, in milliseconds. */
const KEEP_MS = 1_000;
/** So many different ones are. */
const MAX_ANSWERS = 64;
/** Longer questions are not asked by many; somebody may have made them up. */
const MAX_QUESTION_LENGTH = 64 * 1024;

const EMPTY_UPDATE = Uint8Array.of(0, 0);

/** What somebody who joins has already. */
export interface Question {
  readonly stateVector: Uint8Array;
  /** Where in this log it wants to go on, if it said that. */
  readonly resumeSeq: number | undefined;
  /** Nobody else is there who could ask the same. */
  readonly isAlone: boolean;
}

/**
 * What those who join a room are answered. When many come at once, most of them ask the same: what was answered a moment
 * ago is kept.
 */
export class Answers {
  readonly #log: DocumentLog;
  readonly #clock: Clock;
  readonly #answers = new Map<string, readonly Outgoing[]>();
  readonly #joined = new JoinedEntries();
  /** How many edits there were when they were made. */
  #edits = 0;
  #cancelForget: (() => void) | undefined;

  constructor({ log, clock }: { readonly log: DocumentLog; readonly clock: Clock }) {
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Passes on all that somebody lacks, at once or when it has been read.
   * @throws ScriptoriumError as `DocumentLog.withUpdatesFor`
   */
  answer(
    { stateVector, resumeSeq, isAlone }: Question,
    send: (answer: readonly Outgoing[]) => void,
  ): void | Promise<void> {
    const log = this.#log;
    const resumed = resumeSeq === undefined ? undefined : log.updatesAfter(resumeSeq);
    const key = resumed ? `after ${resumeSeq}` : Buffer.from(stateVector).toString('base64');
    const found = log.added === this.#edits ? this.#answers.get(key) : undefined;
    if (found) return send(found);
    const sendUpdates = (updates: Updates): void => {
      const { base } = updates;
      const rest = new Outgoing([...this.later(updates), { type: 'sync-step-2', update: EMPTY_UPDATE }]);
      const answer = base ? [Outgoing.ofUpdate(base), rest] : [rest];
      if (!isAlone) this.#keep(key, answer);
      send(answer);
    };
    return resumed ? sendUpdates(resumed) : log.withUpdatesFor(stateVector, sendUpdates);
  }

  /** What came after the base, in as few messages as pays. */
  later({ after, later }: Updates): ServerMessage[] {
    const updates = this.#joined.join(after, later);
    this.#forgetLater();
    return updates.map((update) => ({ type: 'update', update }));
  }

  #keep(key: string, answer: readonly Outgoing[]): void {
    if (key.length > MAX_QUESTION_LENGTH) return;
    const edits = this.#log.added;
    if (edits !== this.#edits || this.#answers.size >= MAX_ANSWERS) this.#answers.clear();
    this.#edits = edits;
    this.#answers.set(key, answer);
  }

  #forgetLater(): void {
    this.#cancelForget ??= this.#clock.after(KEEP_MS, () => this.forget());
  }

  forget(): void {
    this.#answers.clear();
    this.#joined.forget();
    this.#cancelForget?.();
    this.#cancelForget = undefined;
  }
}
