import { type AwarenessEntry, encodeAwareness, type ServerMessage } from '../protocol/index.ts';
import { Batch, Outgoing } from './batch.ts';
import type { Metrics } from './metrics.ts';
import type { RoomPeer } from './room-peer.ts';

/** What the relay needs to know of a room's member. */
export interface Recipient {
  /** Whether it has been sent the document. */
  readonly current: boolean;
  /** It reads too slowly: it gets nothing until it has read what it was sent. Up to this seq it has everything. */
  behindSeq: number | undefined;
  /** It was asked for what it has, and has not answered: until then it is not told its position. */
  readonly owesAnswer: boolean;
}

interface Item {
  readonly outgoing: Outgoing;
  /** Who is not sent it. */
  readonly author: RoomPeer | undefined;
  /** Whether it is part of the document: who has not got that yet finds it in the answer. */
  readonly ofDocument: boolean;
}

/** Up to where the log is durable. */
export interface Position {
  readonly seq: number;
  /** Also those are told for whom there is nothing else. */
  readonly isOverdue: boolean;
}

/** What waits to go out to a room's peers, all of it in one write to each. */
export class Relay {
  readonly #metrics: Metrics;
  #items: Item[] = [];
  /** The newest state of each client whose state has changed. */
  #awareness = new Map<number, AwarenessEntry>();
  #ofOne = new Map<RoomPeer, Outgoing[]>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Whether something waits for all who are there. */
  get isWaiting(): boolean {
    return this.#items.length > 0 || this.#awareness.size > 0;
  }

  /** Something of the document, which its author has already. */
  ofDocument(message: ServerMessage, author?: RoomPeer): void {
    this.#items.push({ outgoing: new Outgoing([message]), author, ofDocument: true });
  }

  /** Something for everybody who is there. */
  forAll(message: ServerMessage): void {
    this.#items.push({ outgoing: new Outgoing([message]), author: undefined, ofDocument: false });
  }

  /** Something for one peer, to go out with the next flush. */
  forOne(peer: RoomPeer, messages: readonly ServerMessage[]): void {
    const outgoing = new Outgoing(messages);
    const waiting = this.#ofOne.get(peer);
    if (waiting) waiting.push(outgoing);
    else this.#ofOne.set(peer, [outgoing]);
  }

  /** Whether something for this peer alone waits. */
  holdsFor(peer: RoomPeer): boolean {
    return this.#ofOne.has(peer);
  }

  awareness(entries: readonly AwarenessEntry[]): void {
    for (const entry of entries) this.#awareness.set(entry.clientId, entry);
  }

  /**
   * Sends what waits, and with it the position. All entries up to `relayedSeq` have been sent before: from there a peer
   * that can take nothing now has to be brought up to date later.
   */
  flush(members: ReadonlyMap<RoomPeer, Recipient>, relayedSeq: number, position?: Position): void {
    const changes = this.#items.length + this.#awareness.size;
    const items = this.#take();
    const ofOne = this.#ofOne;
    if (ofOne.size > 0) this.#ofOne = new Map();
    if (items.length === 0 && !position?.isOverdue) {
      for (const [peer, theirs] of ofOne) if (members.has(peer)) peer.send(new Batch(theirs));
      return;
    }
    let sent = 0;
    const tail = position && new Outgoing([{ type: 'position', seq: position.seq }]);
    const whole = new Batch(withTail(items, tail), { isShared: true });
    for (const [peer, member] of members) {
      const own = ofOne.get(peer);
      if (member.behindSeq === undefined && peer.congested) {
        member.behindSeq = relayedSeq;
        this.#metrics.leftBehind();
      }
      if (member.behindSeq !== undefined) {
        if (own) peer.send(new Batch(own));
        continue;
      }
      const { current } = member;
      const isTold = tail !== undefined && current && !member.owesAnswer;
      if (own === undefined && current && isTold === (tail !== undefined) && !isAuthor(peer, items)) {
        peer.send(whole);
        sent++;
        continue;
      }
      const theirs: Outgoing[] = [];
      for (const { outgoing, author, ofDocument } of items) {
        if (author !== peer && (current || !ofDocument)) theirs.push(outgoing);
      }
      // By itself it is not worth a write: its author hears with the status of the edit, or of the next one.
      if (isTold && (theirs.length > 0 || own !== undefined || position?.isOverdue)) theirs.push(tail);
      if (own) theirs.push(...own);
      if (theirs.length === 0) continue;
      peer.send(new Batch(theirs));
      sent++;
    }
    this.#metrics.flushed(changes, sent);
  }

  #take(): Item[] {
    if (this.#awareness.size > 0) {
      this.forAll({ type: 'awareness', update: encodeAwareness(this.#awareness.values()) });
      this.#awareness = new Map();
    }
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

function withTail(items: readonly Item[], tail: Outgoing | undefined): Outgoing[] {
  const all = items.map(({ outgoing }) => outgoing);
  if (tail) all.push(tail);
  return all;
}

/** By going through them: in a flush they are few, and a set of the authors costs more than that. */
function isAuthor(peer: RoomPeer, items: readonly Item[]): boolean {
  for (const { author } of items) if (author === peer) return true;
  return false;
}
