import * as encoding from 'lib0/encoding';
import { editMarker, looksLikeMarker, MARKER_LENGTH, moveMarker } from './marker.ts';
import { awarenessMessage, updateMessage } from './message.ts';

/** The name of the shared text that is typed into. */
export const TEXT_NAME = 'bench';

const CONTENT_STRING = 4;
const HAS_ORIGIN = 0x80;

/** Writes one peer's messages without a `Y.Doc`: edits that append a character to what it wrote before, and cursor moves. */
export class Typist {
  readonly #client: number;
  #clock = 0;
  #awarenessClock = 0;

  constructor(random: () => number) {
    let client = 0;
    do client = 1 + Math.floor(random() * 0xffff_fffe);
    while (looksLikeMarker(client));
    this.#client = client;
  }

  /** A sync message with a valid Yjs V1 update of one character. */
  edit(number: number): Uint8Array {
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
    encoding.writeVarString(update, editMarker(number));
    encoding.writeVarUint(update, 0); // no deletions
    this.#clock += MARKER_LENGTH;
    return updateMessage(encoding.toUint8Array(update));
  }

  /** An awareness message as an editor's carets make it: who it is, and where the selection begins and ends. */
  move(number: number): Uint8Array {
    const place = `{"type":null,"tname":"${TEXT_NAME}","item":{"client":${this.#client},"clock":${this.#clock}},"assoc":0}`;
    const user = `{"name":"Peer ${moveMarker(number)}","color":"#0d8078"}`;
    const update = encoding.createEncoder();
    encoding.writeVarUint(update, 1); // one client
    encoding.writeVarUint(update, this.#client);
    encoding.writeVarUint(update, ++this.#awarenessClock);
    encoding.writeVarString(update, `{"user":${user},"cursor":{"anchor":${place},"head":${place}}}`);
    return awarenessMessage(encoding.toUint8Array(update));
  }
}
