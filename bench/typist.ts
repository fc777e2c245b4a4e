import * as encoding from 'lib0/encoding';

// What a peer sends, made without a `Y.Doc`: the load generator has one core for hundreds of peers.

/** Microseconds of the process' clock, so many digits of them: enough for two and a half hours. */
const STAMP_DIGITS = 10;
const DIGIT_0 = 48;

/** The name of the shared text that is typed into. */
export const TEXT_NAME = 'bench';
/** The characters that one edit inserts. */
export const EDIT_LENGTH = STAMP_DIGITS;

const CONTENT_STRING = 4;
const HAS_ORIGIN = 0x80;

/** Writes one peer's messages: edits that append to what it wrote before, and cursor moves. */
export class Typist {
  readonly #client: number;
  #clock = 0;
  #awarenessClock = 0;

  constructor(client: number) {
    this.#client = client;
  }

  /** A sync message with a valid Yjs V1 update of one insertion, whose text is the time. */
  edit(stamp: string): Uint8Array {
    const update = encoding.createEncoder();
    encoding.writeVarUint(update, 1); // one client
    encoding.writeVarUint(update, 1); // one struct
    encoding.writeVarUint(update, this.#client);
    encoding.writeVarUint(update, this.#clock);
    if (this.#clock === 0) {
      encoding.writeUint8(update, CONTENT_STRING);
      encoding.writeVarUint(update, 1); // its parent is a shared type with a name
      encoding.writeVarString(update, TEXT_NAME);
    } else {
      encoding.writeUint8(update, CONTENT_STRING | HAS_ORIGIN);
      encoding.writeVarUint(update, this.#client);
      encoding.writeVarUint(update, this.#clock - 1);
    }
    encoding.writeVarString(update, stamp);
    encoding.writeVarUint(update, 0); // no deletions
    this.#clock += EDIT_LENGTH;

    const message = encoding.createEncoder();
    encoding.writeVarUint(message, 0);
    encoding.writeVarUint(message, 2);
    encoding.writeVarUint8Array(message, encoding.toUint8Array(update));
    return encoding.toUint8Array(message);
  }

  /** An awareness message as an editor's carets make it: who it is, and where the selection begins and ends. */
  cursor(): Uint8Array {
    const place = `{"type":null,"tname":"${TEXT_NAME}","item":{"client":${this.#client},"clock":${this.#clock}},"assoc":0}`;
    const user = `{"name":"Peer ${this.#client}","color":"#0d8078"}`;
    const update = encoding.createEncoder();
    encoding.writeVarUint(update, 1); // one client
    encoding.writeVarUint(update, this.#client);
    encoding.writeVarUint(update, ++this.#awarenessClock);
    encoding.writeVarString(update, `{"user":${user},"cursor":{"anchor":${place},"head":${place}}}`);

    const message = encoding.createEncoder();
    encoding.writeVarUint(message, 1);
    encoding.writeVarUint8Array(message, encoding.toUint8Array(update));
    return encoding.toUint8Array(message);
  }
}

/** Now, as edits carry it. */
export function stampNow(): string {
  return Math.round(performance.now() * 1000)
    .toString()
    .padStart(STAMP_DIGITS, '0');
}

/** The time in an edit that ends where the bytes end, in milliseconds of the process' clock. */
export function stampOf(edit: Uint8Array): number {
  return readDigits(edit, edit.length - 1 - STAMP_DIGITS) / 1000;
}

/** A sync status whose payload is the stamp. */
export function statusOf(stamp: string): Uint8Array {
  const message = encoding.createEncoder();
  encoding.writeVarUint(message, 102);
  encoding.writeVarString(message, stamp);
  return encoding.toUint8Array(message);
}

/** The time in a sync status, in milliseconds of the process' clock. */
export function stampOfStatus(status: Uint8Array): number {
  return readDigits(status, status.length - STAMP_DIGITS) / 1000;
}

function readDigits(bytes: Uint8Array, from: number): number {
  let value = 0;
  for (let i = from; i < from + STAMP_DIGITS; i++) value = value * 10 + (bytes[i] ?? 0) - DIGIT_0;
  return value;
}
