import type { Outgoing } from './batch.ts';
import type { Clock } from './clock.ts';

/** So long an answer is kept for who asks the same, in milliseconds. */
const KEEP_MS = 1_000;
/** So many different ones are. */
const MAX_ANSWERS = 64;
/** Longer questions are not asked by many; somebody may have made them up. */
const MAX_QUESTION_LENGTH = 64 * 1024;

/** What those who join a room were answered a moment ago: when many come at once, most of them ask the same. */
export class Answers {
  readonly #clock: Clock;
  readonly #answers = new Map<string, readonly Outgoing[]>();
  /** How many edits there were when they were made. */
  #edits = 0;
  #cancelForget: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The answer to this question, if it was asked when there were as many edits as there are now. */
  find(question: string, edits: number): readonly Outgoing[] | undefined {
    return edits === this.#edits ? this.#answers.get(question) : undefined;
  }

  keep(question: string, edits: number, answer: readonly Outgoing[]): void {
    if (question.length > MAX_QUESTION_LENGTH) return;
    if (edits !== this.#edits || this.#answers.size >= MAX_ANSWERS) this.#answers.clear();
    this.#edits = edits;
    this.#answers.set(question, answer);
    this.#cancelForget ??= this.#clock.after(KEEP_MS, () => this.forget());
  }

  forget(): void {
    this.#answers.clear();
    this.#cancelForget?.();
    this.#cancelForget = undefined;
  }
}
