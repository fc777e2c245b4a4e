// What is sent carries a character that nothing else has, so that it is recognised in whatever bytes a server makes of
// it, merged or not: an edit types one of plane 15, a cursor move has one of plane 16 in its state. In UTF-8, which is
// what Yjs and JSON write, these are four bytes that begin with F3 or F4. Numbers count from 0 in each room.

const FIRST_EDIT = 0xf0000;
const FIRST_MOVE = 0x100000;
/** So many edits and so many moves of a room can be told apart. */
export const MAX_MARKERS = 0xfffe;
const MARKER_BYTES = 4;
/** The UTF-16 units of a marker: what it adds to Yjs' clock. */
export const MARKER_LENGTH = 2;

export const editMarker = (number: number): string => String.fromCodePoint(FIRST_EDIT + number);
export const moveMarker = (number: number): string => String.fromCodePoint(FIRST_MOVE + number);

/** Told of each marker that was found. */
export interface MarkerListener {
  onEdit(number: number): void;
  onMove(number: number): void;
}

/** Finds markers in bytes that come in pieces. */
export class MarkerScanner {
  readonly #listener: MarkerListener;
  #code = 0;
  #missing = 0;

  constructor(listener: MarkerListener) {
    this.#listener = listener;
  }

  scan(bytes: Uint8Array, from: number, to: number): void {
    let code = this.#code;
    let missing = this.#missing;
    for (let i = from; i < to; ) {
      const byte = bytes[i] as number;
      if (missing > 0) {
        if ((byte & 0xc0) !== 0x80) {
          missing = 0; // none, but one may begin here
          continue;
        }
        i++;
        code = (code << 6) | (byte & 0x3f);
        if (--missing > 0) continue;
        if (code >= FIRST_MOVE) this.#listener.onMove(code - FIRST_MOVE);
        else if (code >= FIRST_EDIT) this.#listener.onEdit(code - FIRST_EDIT);
      } else if (i + 3 < to && (bytes[i + 3] as number) < 0x80) {
        i += MARKER_BYTES; // a marker that begins in one of these four would go on in the last
      } else {
        i++;
        if (byte < 0xf3 || byte > 0xf4) continue;
        code = byte & 0x07;
        missing = 3;
      }
    }
    this.#code = code;
    this.#missing = missing;
  }

  /** What comes next does not continue what came. */
  reset(): void {
    this.#missing = 0;
  }
}

/** The numbers of the edits in a text. */
export function editsIn(text: string): number[] {
  return [...text]
    .map((character) => (character.codePointAt(0) ?? 0) - FIRST_EDIT)
    .filter((number) => number >= 0 && number < MAX_MARKERS);
}

/** Whether the varUint of this Yjs client id could be taken for the beginning of a marker. */
export function looksLikeMarker(client: number): boolean {
  const first = (client & 0x7f) | 0x80;
  return first === 0xf3 || first === 0xf4;
}
