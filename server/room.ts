import {
  type AwarenessEntry,
  allows,
  asScriptoriumError,
  type ClientHello,
  type ClientMessage,
  type DocumentEvent,
  decodeAwareness,
  decodeForeignUpdate,
  encodeAwareness,
  type PeerLimits,
  PROTOCOL_VERSION,
  publicMessage,
  refusalOf,
  ScriptoriumError,
  type ServerMessage,
  type Stateless,
  type UpdateContent,
  type Welcome,
} from '../protocol/index.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { Answers } from './answers.ts';
import { type AwarenessLimits, AwarenessTable } from './awareness-table.ts';
import { Batch, Outgoing } from './batch.ts';
import type { Clock } from './clock.ts';
import type { DocumentLog, Updates } from './document-log.ts';
import type { CoreLoad } from './flush-pacer.ts';
import { FlushSchedule } from './flush-schedule.ts';
import { KnownUpdates } from './known-updates.ts';
import { type Membership, newMembership } from './membership.ts';
import type { Metrics } from './metrics.ts';
import { RefusedEdits } from './refused-edits.ts';
import { type Position, Relay } from './relay.ts';
import type { RoomPeer } from './room-peer.ts';
import { checkSchema, isOutdated, schemaEvent } from './schema-version.ts';
import type { Seed } from './seed.ts';

/** Bounds of a room; defaults in options.ts. */
export interface RoomLimits extends AwarenessLimits {
  /** How many peers may have a document open at once; more are sent away with 1013. */
  readonly maxPeersPerDocument: number;
  /** What is sent again to a peer that asks again, a second: until then nothing more is read of it. */
  readonly maxBytesPerSecond: number;
  /** What somebody may say to all who have a document open without it being stored (`stateless`), in bytes of UTF-8. */
  readonly maxStatelessBytes: number;
}

/** What a room needs from its surroundings. */
export interface RoomContext {
  readonly log: DocumentLog;
  readonly clock: Clock;
  readonly coreLoad: CoreLoad;
  readonly limits: RoomLimits;
  readonly metrics: Metrics;
  /** What peers are told that the server holds them to. */
  readonly peerLimits: PeerLimits;
  /** The last peer left. */
  onEmpty(): void;
  /** The room lets nobody in any more. */
  onClosed(): void;
  /** The store fails or hangs (an error), or is well again (undefined). */
  onStoreTrouble(trouble: ScriptoriumError | undefined): void;
  onCompactionError(error: ScriptoriumError): void;
  /** The stored document is not what it was, or can't be read. Answers what peers are told. */
  onLost(error: ScriptoriumError): ScriptoriumError;
}

/** What a room takes: as a client says it, in whatever framing. */
export type RoomMessage = Exclude<ClientMessage, { type: 'hello' | 'token' }> | Stateless;

type EditMessage = Extract<ClientMessage, { type: 'sync-step-2' | 'update' }>;

/** How long a new position may wait for other traffic to ride with. */
const POSITION_DELAY_MS = 1_000;
/** How long a sync status may wait for other traffic to ride with, where a room is busy. */
const STATUS_DELAY_MS = 100;
/** When to look again whether somebody has left a room that is full. */
const FULL_ROOM_RETRY_MS = 10_000;
const EMPTY_UPDATE = Uint8Array.of(0, 0);
const NO_CONTENT: UpdateContent = { inserted: [], deleted: [] };
/** The state vector of who has nothing. */
const NOTHING = Uint8Array.of(0);

/**
 * A document that somebody has open: who is there, what they say to each other, and when it is safe.
 *
 *     peer ── update ──▶ log.add ──▶ (the store) ──▶ onDurable ──▶ sync statuses to their senders
 *                  └───▶ relay ── end of this turn ──▶ all other peers, one write each
 */
export class Room {
  readonly #context: RoomContext;
  readonly #members = new Map<RoomPeer, Membership>();
  readonly #awareness: AwarenessTable<RoomPeer>;
  readonly #waitingForStore = new Set<RoomPeer>();
  #closed: ScriptoriumError | undefined;
  /** Who made the newest edit: somebody who is here, or the name of somebody who left; undefined: nobody known. */
  #writer: RoomPeer | string | undefined;
  readonly #relay: Relay;
  readonly #answers: Answers;
  readonly #flushes: FlushSchedule;
  readonly #refused: RefusedEdits;
  readonly #known: KnownUpdates;
  /** Every entry up to this one has been relayed. */
  #relayedSeq: number;
  /** When peers are to know up to where the log is durable, if there is nothing before that it can go out with. */
  #positionDueAt: number | undefined;

  constructor(context: RoomContext) {
    this.#context = context;
    this.#awareness = new AwarenessTable(context.limits);
    this.#relay = new Relay(context.metrics);
    this.#flushes = new FlushSchedule(context, () => this.#flush());
    this.#refused = new RefusedEdits(context, this.#members);
    this.#answers = new Answers(context);
    this.#known = new KnownUpdates(context.clock);
    this.#relayedSeq = context.log.seq;
    context.log.listen({
      onDurable: () => this.#onDurable(),
      onTrouble: (trouble) => {
        context.onStoreTrouble(trouble);
        this.announce(storeEvent(trouble));
      },
      writer: () => this.writer,
      onCompactionError: (error) => context.onCompactionError(error),
      onLost: (error) => this.close(context.onLost(error)),
    });
  }

  get log(): DocumentLog {
    return this.#context.log;
  }

  /** The name of who made the newest edit: as the server knows them, else as they call themselves. */
  get writer(): string | undefined {
    return typeof this.#writer === 'object' ? this.#nameOf(this.#writer) : this.#writer;
  }

  get peerCount(): number {
    return this.#members.size;
  }

  /**
   * Lets a peer in and greets it. `hello` is what a client of ours said first.
   * @throws ScriptoriumError TOO_MANY_PEERS, UNSUPPORTED_PROTOCOL; when the room was closed: why
   */
  join(peer: RoomPeer, hello?: ClientHello): void {
    if (this.#closed) throw this.#closed;
    const { maxPeersPerDocument } = this.#context.limits;
    if (this.#members.size >= maxPeersPerDocument) {
      const message = `A document is open for at most ${maxPeersPerDocument} at once (maxPeersPerDocument).`;
      throw new ScriptoriumError('TOO_MANY_PEERS', message, { retryAfterMs: FULL_ROOM_RETRY_MS });
    }
    if (hello && hello.protocol !== PROTOCOL_VERSION) {
      const message = `This server speaks version ${PROTOCOL_VERSION} of the extensions, not ${hello.protocol}.`;
      throw new ScriptoriumError('UNSUPPORTED_PROTOCOL', message);
    }
    const { log } = this;
    const member = newMembership(log, hello);
    this.#members.set(peer, member);
    const greeting: ServerMessage[] = [];
    if (hello || peer.countsEdits) greeting.push({ type: 'welcome', welcome: this.#welcome(peer) });
    if (member.owesAnswer) greeting.push({ type: 'sync-step-1', stateVector: log.encodeStateVector() });
    const present = this.#awareness.entries();
    if (present.length > 0) greeting.push({ type: 'awareness', update: encodeAwareness(present) });
    if (isOutdated(hello?.schema, log.schema)) greeting.push({ type: 'event', event: schemaEvent(log.schema) });
    if (log.trouble) greeting.push({ type: 'event', event: storeEvent(log.trouble) });
    peer.send(new Batch([new Outgoing(greeting)]));
  }

  leave(peer: RoomPeer): void {
    if (!this.#members.delete(peer)) return;
    this.#waitingForStore.delete(peer);
    if (peer === this.#writer) this.#writer = this.#nameOf(peer);
    const { removed, claimants } = this.#awareness.removeOwner(peer);
    this.#awarenessChanged(removed);
    for (const claimant of claimants) claimant.send(Batch.of({ type: 'query-awareness' }));
    if (this.#members.size === 0) {
      this.#flushes.stopWaiting();
      this.#refused.stop();
      this.#answers.forget();
      this.#known.forget();
      this.#context.onEmpty();
    }
  }

  /**
   * What a peer sent. Where the answer takes a look into the store, a promise: what it sends next has to wait for it.
   * @throws ScriptoriumError when it can't be taken; nothing has changed then
   */
  receive(peer: RoomPeer, message: RoomMessage): void | Promise<void> {
    const member = this.#members.get(peer);
    if (member === undefined) return;
    switch (message.type) {
      case 'sync-step-1':
        return this.#answer(peer, member, message.stateVector);
      case 'sync-step-2':
      case 'update':
        return this.#edit(peer, member, message);
      case 'awareness':
        return this.#present(peer, member, message.update);
      case 'query-awareness': {
        const update = encodeAwareness(this.#awareness.entries());
        peer.send(Batch.of({ type: 'awareness', update }));
        return this.#restAfter(update.length);
      }
      case 'sync-status':
        member.acknowledgement.ask(message.payload);
        return this.#answerStatuses(peer, member.acknowledgement);
      case 'stateless':
        return this.#sayToAll(message.payload);
    }
  }

  /**
   * Takes an edit that no peer made and relays it to all. Resolves when it is durable.
   * @throws ScriptoriumError MALFORMED_UPDATE, STORE_UNAVAILABLE when too much waits, or why the room was closed
   */
  async edit(update: Uint8Array): Promise<void> {
    if (this.#closed) throw this.#closed;
    const content = decodeForeignUpdate(update);
    if (!this.log.knows(content)) {
      this.log.add(update, content);
      this.#writer = undefined;
      this.#relay.ofDocument({ type: 'update', update });
      this.#flushLater(1);
    }
    await this.log.flush();
    if (this.#closed) throw this.#closed;
  }

  /**
   * What a document that does not exist yet begins with. Resolves when it is durable: false where it existed, or
   * somebody had written in it; then nothing has changed.
   * @throws ScriptoriumError as {@link edit}
   */
  async seed({ title, update = EMPTY_UPDATE, schema }: Seed): Promise<boolean> {
    if (this.#closed) throw this.#closed;
    const content = decodeForeignUpdate(update);
    const isNew = !this.log.isBegun;
    if (isNew) {
      this.log.begin(title, update, content, schema);
      if (update !== EMPTY_UPDATE) this.#relay.ofDocument({ type: 'update', update });
      if (this.log.schema > 0) this.announce(schemaEvent(this.log.schema));
      if (title !== undefined) this.announce({ type: 'title', title });
      this.#flushLater(1);
    }
    await this.log.ensureStored();
    await this.log.flush();
    if (this.#closed) throw this.#closed;
    return isNew;
  }

  /** A peer that was congested has read everything: it is sent what it missed, from the log. */
  drained(peer: RoomPeer): void {
    const member = this.#members.get(peer);
    if (member?.behindSeq === undefined || member.catchingUp) return;
    const missed = this.log.updatesAfter(member.behindSeq);
    if (missed) return this.#catchUp(peer, member, missed);
    member.catchingUp = true;
    this.log
      .withUpdatesFor(NOTHING, (updates) => this.#catchUp(peer, member, updates))
      ?.catch((thrown: unknown) => this.#members.has(peer) && peer.close(asScriptoriumError(thrown)));
  }

  #catchUp(peer: RoomPeer, member: Membership, updates: Updates): void {
    if (!this.#members.has(peer)) return;
    member.catchingUp = false;
    member.behindSeq = undefined;
    const missed = [new Outgoing([{ type: 'awareness', update: encodeAwareness(this.#awareness.everything()) }])];
    if (member.current) {
      if (updates.base) missed.push(Outgoing.ofUpdate(updates.base));
      missed.push(new Outgoing([...this.#answers.later(updates), ...this.#position(member)]));
    }
    peer.send(new Batch(missed));
  }

  /** A peer was told what it may do, or that has changed. One whose edits were refused is asked for them when it may write. */
  accessTold(peer: RoomPeer): void {
    const member = this.#members.get(peer);
    if (member === undefined) return;
    peer.send(Batch.of({ type: 'event', event: { type: 'access', access: peer.access } }));
    this.#refused.ask();
  }

  /** Tells all peers of ours what happened to the document beside its content. */
  announce(event: DocumentEvent): void {
    this.#relay.forAll({ type: 'event', event });
    this.#flushLater(1);
  }

  /** Sends everybody away. */
  close(error: ScriptoriumError): void {
    this.#closed = error;
    this.#context.onClosed();
    for (const peer of [...this.#members.keys()]) {
      this.leave(peer);
      peer.close(error);
    }
  }

  #welcome({ access, user }: RoomPeer): Welcome {
    const { epoch, seq } = this.log;
    return { protocol: PROTOCOL_VERSION, epoch, seq, access, user, limits: this.#context.peerLimits };
  }

  #answer(peer: RoomPeer, member: Membership, stateVector: Uint8Array): void | Promise<void> {
    const asksAgain = member.current;
    if (asksAgain && peer.countsEdits) this.#countAnew(peer, member);
    const { resumeSeq } = member;
    member.resumeSeq = undefined;
    let bytes = 0;
    const work = this.#answers.answer({ stateVector, resumeSeq, isAlone: this.#members.size === 1 }, (answer) => {
      if (!this.#members.has(peer)) return;
      member.current = true;
      bytes = answer.reduce((sum, outgoing) => sum + bytesOf(outgoing), 0);
      peer.send(new Batch([...answer, new Outgoing(this.#position(member))]));
    });
    if (!asksAgain) return work;
    return work === undefined ? this.#restAfter(bytes) : work.then(() => this.#restAfter(bytes));
  }

  /** It waits for one confirmation from now on, that of its step 2: it is asked for that, as it was when it came. */
  #countAnew(peer: RoomPeer, { acknowledgement }: Membership): void {
    acknowledgement.forget();
    peer.send(Batch.of({ type: 'sync-step-1', stateVector: this.log.encodeStateVector() }));
  }

  /** Says something to everybody who is there, also to who said it. */
  #sayToAll(payload: string): void {
    const { maxStatelessBytes } = this.#context.limits;
    if (Buffer.byteLength(payload) > maxStatelessBytes) {
      const message = `A stateless message has at most ${maxStatelessBytes} bytes (maxStatelessBytes).`;
      throw new ScriptoriumError('MESSAGE_TOO_LARGE', message);
    }
    this.announce({ type: 'stateless', payload });
  }

  /** An answer is far larger than its question: who asks over and over waits until the answer would have been sent. */
  #restAfter(bytes: number): void | Promise<void> {
    const delayMs = (bytes / this.#context.limits.maxBytesPerSecond) * 1000;
    if (delayMs < 1) return;
    return new Promise((resolve) => void this.#context.clock.after(delayMs, resolve));
  }

  #edit(peer: RoomPeer, member: Membership, message: EditMessage): void | Promise<void> {
    if (message.type === 'update') return this.#takeEdit(peer, member, message);
    return this.#known.afterSame(message.update, () => {
      if (this.#members.has(peer)) return this.#takeEdit(peer, member, message);
    });
  }

  #takeEdit(peer: RoomPeer, member: Membership, { type, update }: EditMessage): void | Promise<void> {
    const isKnown = type === 'sync-step-2' && this.#known.has(update);
    const content = isKnown ? NO_CONTENT : decodeForeignUpdate(update);
    // What follows on something that was refused would only wait for it: the step 2 that is asked for has it all. But
    // deletions make room.
    const isIdle = (): boolean => type === 'update' && member.acknowledgement.refused;
    if (type === 'update' && mayWrite(peer)) {
      if (!isIdle()) {
        this.#take(peer, member, update, content);
        return;
      }
      if (content.inserted.length === 0) this.#add(peer, member, update, content);
      return this.#confirm(peer, member.acknowledgement, false);
    }
    // A client that comes back says again what it has, to the last deletion: only what is new is stored. A reader may
    // say that too, and nothing else.
    return this.log.whetherKnown(content, (known) => {
      if (!this.#members.has(peer)) return;
      if (known && type === 'sync-step-2') this.#known.keep(update);
      if (!known && !mayWrite(peer)) return this.#refuseReader(peer, member, update);
      if (isIdle()) return this.#confirm(peer, member.acknowledgement, false);
      if (!this.#take(peer, member, update, content, known)) return;
      if (type === 'sync-step-2') this.#answered(peer, member);
    });
  }

  /** What it wrote is never called saved. When it may write, it is asked for that. */
  #refuseReader(peer: RoomPeer, { acknowledgement }: Membership, update: Uint8Array): void {
    acknowledgement.refuse(update.length);
    this.#confirm(peer, acknowledgement, false);
    const error = new ScriptoriumError('READ_ONLY', 'You may read this document, not change it.');
    peer.send(Batch.of({ type: 'refusal', refusal: refusalOf(error) }));
  }

  /** Takes an edit into the log and on to the others. False when it was refused. */
  #take(peer: RoomPeer, member: Membership, update: Uint8Array, content: UpdateContent, known?: boolean): boolean {
    if (!this.#add(peer, member, update, content, known)) {
      this.#confirm(peer, member.acknowledgement, false);
      return false;
    }
    // Also for what was known: it may have come from somebody else a moment ago and not be durable yet.
    member.acknowledgement.taken(this.log.added);
    this.#confirm(peer, member.acknowledgement, true);
    return true;
  }

  #nameOf(peer: RoomPeer): string | undefined {
    return peer.user ? (peer.user.name ?? peer.user.id) : this.#awareness.nameOf(peer);
  }

  #confirm(peer: RoomPeer, acknowledgement: Acknowledgement, taken: boolean): void {
    if (peer.countsEdits) acknowledgement.confirm(taken);
    this.#answerStatuses(peer, acknowledgement);
  }

  #add(
    peer: RoomPeer,
    { acknowledgement, schema }: Membership,
    update: Uint8Array,
    content: UpdateContent,
    known = this.log.knows(content),
  ): boolean {
    if (known) return true;
    const { log } = this;
    checkSchema(schema, log.schema);
    const schemaBefore = log.schema;
    try {
      log.add(update, content, schema);
    } catch (thrown) {
      this.#refuse(peer, acknowledgement, update, asScriptoriumError(thrown));
      return false;
    }
    this.#writer = peer;
    if (log.schema > schemaBefore) this.announce(schemaEvent(log.schema));
    this.#relay.ofDocument({ type: 'update', update }, peer);
    this.#flushLater(1);
    return true;
  }

  /** What it has is here now: from now on it may be told its position, and need not be asked when it comes back. */
  #answered(peer: RoomPeer, member: Membership): void {
    if (!member.owesAnswer) return;
    member.owesAnswer = false;
    // What is durable may wait for the flush yet: only what has been relayed counts.
    if (!member.current || member.behindSeq !== undefined) return;
    peer.send(Batch.of({ type: 'position', seq: this.#relayedSeq }));
  }

  #position({ owesAnswer }: Membership): ServerMessage[] {
    return owesAnswer ? [] : [{ type: 'position', seq: this.log.seq }];
  }

  /** Tells the peer, once, that an edit was not taken. Its sync statuses wait until it was taken after all. */
  #refuse(peer: RoomPeer, acknowledgement: Acknowledgement, { length }: Uint8Array, error: ScriptoriumError): void {
    if (error.code !== 'STORE_UNAVAILABLE' && error.code !== 'DOCUMENT_TOO_LARGE') throw error;
    if (acknowledgement.refuse(length)) peer.send(Batch.of({ type: 'refusal', refusal: refusalOf(error) }));
    this.#refused.askLater();
  }

  #present(peer: RoomPeer, { extended }: Membership, update: Uint8Array): void {
    const { changed, corrections, refused } = this.#awareness.apply(peer, decodeAwareness(update), !extended);
    this.#awarenessChanged(changed);
    if (refused) peer.send(Batch.of({ type: 'refusal', refusal: refusalOf(refused) }));
    if (corrections.length === 0) return;
    const correction: ServerMessage = { type: 'awareness', update: encodeAwareness(corrections) };
    // Hocuspocus' provider says nothing by itself of what it was told: it is asked to say its state again.
    peer.send(peer.countsEdits ? Batch.of(correction, { type: 'query-awareness' }) : Batch.of(correction));
  }

  #awarenessChanged(entries: readonly AwarenessEntry[]): void {
    if (entries.length === 0) return;
    this.#relay.awareness(entries);
    this.#flushLater(entries.length);
  }

  #onDurable(): void {
    const mayRide = this.#flushes.expectsTraffic(STATUS_DELAY_MS);
    for (const peer of this.#waitingForStore) {
      const member = this.#members.get(peer);
      if (member) this.#answerStatuses(peer, member.acknowledgement, mayRide);
    }
    this.#refused.ask();
    this.#positionDueAt ??= this.#context.clock.now() + POSITION_DELAY_MS;
    this.#flushes.within(POSITION_DELAY_MS);
  }

  /** Answers the statuses that can be; where they may ride, with the next thing that goes to the peer. */
  #answerStatuses(peer: RoomPeer, acknowledgement: Acknowledgement, mayRide = this.#relay.holdsFor(peer)): void {
    const answered = acknowledgement.answerable(this.log.durable);
    if (acknowledgement.waiting) this.#waitingForStore.add(peer);
    else this.#waitingForStore.delete(peer);
    if (answered.length === 0) return;
    const statuses = answered.map((payload): ServerMessage => ({ type: 'sync-status', payload }));
    if (!mayRide) return peer.send(Batch.of(...statuses));
    this.#relay.forOne(peer, statuses);
    this.#flushes.within(STATUS_DELAY_MS);
  }

  #flushLater(messages: number): void {
    this.#flushes.soon(messages, this.#members.size);
  }

  #flush(): void {
    this.#relay.flush(this.#members, this.#relayedSeq, this.#takePosition());
    this.#relayedSeq = this.log.seq;
  }

  /** The position, where it goes out with this flush. */
  #takePosition(): Position | undefined {
    if (this.#positionDueAt === undefined) return;
    const leftMs = this.#positionDueAt - this.#context.clock.now();
    const isOverdue = leftMs <= 0 || leftMs > POSITION_DELAY_MS; // a clock that was set back holds nothing up
    if (!isOverdue && !this.#relay.isWaiting) {
      this.#flushes.within(leftMs);
      return;
    }
    this.#positionDueAt = undefined;
    return { seq: this.log.seq, isOverdue };
  }
}

function bytesOf({ messages }: Outgoing): number {
  return messages.reduce((sum, message) => sum + ('update' in message ? message.update.length : 0), 0);
}

function mayWrite({ access }: RoomPeer): boolean {
  return allows(access, 'write');
}

/** What peers are told of the store: while it takes nothing, they show why nothing is saved. */
function storeEvent(trouble: ScriptoriumError | undefined): DocumentEvent {
  if (trouble === undefined) return { type: 'store', available: true };
  return { type: 'store', available: false, message: publicMessage(trouble) };
}
