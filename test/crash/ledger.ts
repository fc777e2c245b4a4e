/** What its author knows of a character: it was sent, it is stored, its deletion was sent, its deletion is stored. */
type Fate = 'sent' | 'stored' | 'deleting' | 'deleted';

/** What is known of the document as a whole. `unknown`: somebody asked for it, and was not answered. */
type Existence = 'absent' | 'unknown' | 'stored' | 'deleting' | 'deleted';

/** One change of a document: a character was typed, or taken out again. */
export interface Keystroke {
  readonly type: 'insert' | 'delete';
  readonly character: string;
}

/** Characters that are one UTF-16 unit each and no surrogates: so many keystrokes a ledger has room for. */
const FIRST_CHARACTER = 0x3400;
const CHARACTERS = 0xd800 - FIRST_CHARACTER;

/**
 * What the server has acknowledged of one document, and so what has to hold after every crash. Each character is typed
 * once only, so that a character is a keystroke. What was under way may have been stored or not; once it has been read
 * after a crash it is as good as acknowledged.
 */
export class Ledger {
  readonly document: string;
  /** How many keystrokes were acknowledged. */
  acknowledged = 0;
  /** How many deletions of the document were acknowledged. */
  deletions = 0;
  /** How many acknowledged characters were not there when they were looked for. */
  lost = 0;
  #existence: Existence = 'absent';
  #fates = new Map<string, Fate>();
  #typed = 0;

  constructor(document: string) {
    this.document = document;
  }

  get isStored(): boolean {
    return this.#existence === 'stored';
  }

  /** Somebody types a character that was never typed before. */
  insert(): Keystroke {
    if (this.#typed === CHARACTERS) throw new RangeError('no characters are left: run fewer rounds');
    const character = String.fromCharCode(FIRST_CHARACTER + this.#typed++);
    this.#fates.set(character, 'sent');
    if (this.#existence === 'absent') this.#existence = 'unknown';
    return { type: 'insert', character };
  }

  /** Somebody takes out a character. */
  delete(character: string): Keystroke {
    if (this.#fates.get(character) !== 'deleted') this.#fates.set(character, 'deleting');
    return { type: 'delete', character };
  }

  /** The author was told that it is saved. */
  acknowledge({ type, character }: Keystroke): void {
    this.acknowledged++;
    const fate = this.#fates.get(character);
    if (fate === 'deleted') return; // with the document, meanwhile
    if (type === 'delete') this.#fates.set(character, 'deleted');
    else if (fate === 'sent') this.#fates.set(character, 'stored');
    if (this.#existence !== 'deleting') this.#existence = 'stored';
  }

  beginCreation(): void {
    this.#existence = 'unknown';
  }

  created(): void {
    this.#existence = 'stored';
  }

  beginDeletion(): void {
    this.#existence = 'deleting';
  }

  /** Nothing of what was typed so far may come back. */
  deleted(): void {
    this.deletions++;
    this.#existence = 'deleted';
    for (const character of this.#fates.keys()) this.#fates.set(character, 'deleted');
  }

  /** What is wrong with what is there after a crash, a sentence each; undefined: no such document. */
  compare(text: string | undefined): string[] {
    const wrong: string[] = [];
    const there = new Set(text);
    const lost = this.#lostFrom(there);
    if (this.#existence === 'stored' && text === undefined) wrong.push('is gone');
    if (this.#existence === 'deleted' && text !== undefined) wrong.push('was deleted and is back');
    if (there.size !== (text ?? '').length) wrong.push('has characters twice');
    if (lost > 0) wrong.push(`lacks ${lost} of ${this.#count('stored')} acknowledged characters`);
    const back = [...there].filter((character) => this.#fates.get(character) === 'deleted').length;
    if (back > 0) wrong.push(`has ${back} characters that were deleted`);
    if ([...there].some((character) => !this.#fates.has(character))) wrong.push('has characters that nobody typed');
    return wrong.map((what) => `${this.document} ${what}`);
  }

  /** Takes what was read after a crash as what has to be there from now on. */
  settle(text: string | undefined): void {
    const there = new Set(text);
    this.lost += this.#lostFrom(there);
    this.#existence = text !== undefined ? 'stored' : this.#existence === 'absent' ? 'absent' : 'deleted';
    for (const character of this.#fates.keys()) this.#fates.set(character, there.has(character) ? 'stored' : 'deleted');
  }

  /** How many acknowledged characters are not there. A document that was being deleted may be gone, not half of it. */
  #lostFrom(there: ReadonlySet<string>): number {
    if (this.#existence === 'deleting' && there.size === 0) return 0;
    return [...this.#fates].filter(([character, fate]) => fate === 'stored' && !there.has(character)).length;
  }

  #count(wanted: Fate): number {
    return [...this.#fates.values()].filter((fate) => fate === wanted).length;
  }
}
