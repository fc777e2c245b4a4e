import { editMarker } from './marker.ts';
import { statusMessage } from './message.ts';
import { Peer, type PeerOptions, type Target } from './peer.ts';
import { Tally, type Times } from './tally.ts';
import { Typist } from './typist.ts';
import { within } from './within.ts';

const JOIN_AT_ONCE = 25;
const JOIN_TIMEOUT_MS = 30_000;

/** A room full of peers that type and move their cursors, and a tally of what comes. */
export class Room {
  readonly name: string;
  readonly tally: Tally;
  readonly #target: Target;
  readonly #members: { peer: Peer; typist: Typist }[] = [];
  readonly #size: number;

  /** The number of the first edit is not 0 where the room has a document with marked edits. */
  constructor(target: Target, name: string, size: number, times: Times, first = 0) {
    this.name = name;
    this.#target = target;
    this.#size = size;
    this.tally = new Tally(size, times, first);
  }

  get size(): number {
    return this.#size;
  }

  /** Lets all peers in, a few at a time. */
  async fill(random: () => number, options: Omit<PeerOptions, 'listener'> = {}): Promise<void> {
    const { confirms } = this.#target.dialect;
    while (this.#members.length < this.#size) {
      const coming: Promise<void>[] = [];
      while (coming.length < JOIN_AT_ONCE && this.#members.length < this.#size) {
        const index = this.#members.length;
        const peer = new Peer(this.#target, this.name, {
          ...options,
          listener: {
            onEdit: (number, at) => this.tally.editCame(number, index, at, confirms),
            onMove: (number, at) => this.tally.moveCame(number, index, at),
          },
        });
        this.#members.push({ peer, typist: new Typist(random) });
        coming.push(peer.synced);
      }
      await within(JOIN_TIMEOUT_MS, `joining ${this.name}`, Promise.all(coming));
    }
  }

  /** A peer types a character and, where the server can tell, asks when that is durable. */
  edit(index: number): void {
    this.sendEdit(index, (number) => this.#memberAt(index).typist.edit(number));
  }

  /** The same with a message that is given. */
  sendEdit(index: number, message: (number: number) => Uint8Array): void {
    const number = this.tally.edit(index, this.#target.dialect.confirms);
    this.#send(index, message(number), editMarker(number));
  }

  /** An edit that has no marker, such as a deletion: nobody sees whether it comes. */
  sendUnmarked(index: number, edit: Uint8Array): void {
    this.#send(index, edit, '');
  }

  move(index: number): void {
    const { peer, typist } = this.#memberAt(index);
    peer.send(typist.move(this.tally.move(index)));
  }

  /** Every peer moves its cursor once more. */
  moveLast(): void {
    this.tally.lastMoves();
    for (let i = 0; i < this.#size; i++) this.move(i);
  }

  leave(): void {
    for (const { peer } of this.#members) peer.leave();
  }

  #send(index: number, edit: Uint8Array, status: string): void {
    const { peer } = this.#memberAt(index);
    if (this.#target.dialect.confirms) peer.send(edit, statusMessage(Buffer.from(status)));
    else peer.send(edit);
  }

  #memberAt(index: number): { peer: Peer; typist: Typist } {
    const member = this.#members[index];
    if (member === undefined) throw new RangeError(`${this.name} has no peer ${index}`);
    return member;
  }
}
