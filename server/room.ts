import {
  type Access,
  type AwarenessEntry,
  asScriptoriumError,
  type ClientHello,
  type ClientMessage,
  type DocumentEvent,
  decodeAwareness,
  decodeUpdateContent,
  encodeAwareness,
  type PeerLimits,
  PROTOCOL_VERSION,
  publicMessage,
  refusalOf,
  ScriptoriumError,
  type ServerMessage,
  type UpdateContent,
  type Welcome,
} from '../protocol/index.ts';
import { Acknowledgement } from './acknowledgement.ts';
import { Answers } from './answers.ts';
import { AwarenessTable } from './awareness-table.ts';
import { Batch, Outgoing } from './batch.ts';
import type { Clock } from './clock.ts';
import type { DocumentLog, Updates } from './document-log.ts';
import { type CoreLoad, FlushPacer } from './flush-pacer.ts';
import type { Metrics } from './metrics.ts';
import { type Recipient, Relay } from './relay.ts';
import { checkSchema, isOutdated, schemaEvent } from './schema-version.ts';

/** A peer as the room sees it: one document on one connection. */
export interface RoomPeer {
  readonly access: Access;
  /** Whether more waits for the peer to be read than should; it says `drained` when it has read everything. */
  readonly congested: boolean;
  send(batch: Batch): void;
  close(error: ScriptoriumError): void;
}

/** What a room needs from its surroundings. */
export interface RoomContext {
  readonly log: DocumentLog;
  readonly clock: Clock;
  readonly coreLoad: CoreLoad;
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

interface Membership extends Recipient {
  /** Whether it said hello. */
  readonly extended: boolean;
  /** The version of the schema that it edits with, where it said one. */
  readonly schema: number | undefined;
  /** Whether it has been sent the document; until then edits are not relayed to it, the answer will hold them. */
  current: boolean;
  /** Where it wants to go on, as its hello said. */
  resumeSeq: number | undefined;
  readonly acknowledgement: Acknowledgement;
  /** What it missed while it read too slowly is being read from the store. */
  catchingUp: boolean;
  /** It was asked for what it has; the answer has not been taken yet. */
  owesAnswer: boolean;
}

type EditMessage = Extract<ClientMessage, { type: 'sync-step-2' | 'update' }>;

/** How long a new position may wait for other traffic to ride with. */
const POSITION_DELAY_MS = 1_000;
/** How long a sync status may wait for other traffic to ride with, where a room is busy. */
const STATUS_DELAY_MS = 50;
/** How long who was refused waits for room before it is looked for again: what fills it may be other documents. */
const ASK_DELAY_MS = 1_000;
const EMPTY_UPDATE = Uint8Array.of(0, 0);
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
  readonly #awareness = new AwarenessTable<RoomPeer>();
  readonly #waitingForStore = new Set<RoomPeer>();
  #closed: ScriptoriumError | undefined;
  readonly #relay: Relay;
  readonly #answers: Answers;
  readonly #pacer: FlushPacer;
  /** Every entry up to this one has been relayed. */
  #relayedSeq: number;
  #flushDue = false;
  #positionDue = false;
  /** When what waits for other traffic goes out without it. */
  #latestFlushAt = Number.POSITIVE_INFINITY;
  #cancelLatestFlush: (() => void) | undefined;
  #cancelAskTimer: (() => void) | undefined;

  constructor(context: RoomContext) {
    this.#context = context;
    this.#relay = new Relay(context.metrics);
    this.#pacer = new FlushPacer(context.coreLoad);
    this.#answers = new Answers(context.clock);
    this.#relayedSeq = context.log.seq;
    context.log.listen({
      onDurable: () => this.#onDurable(),
      onTrouble: (trouble) => {
        context.onStoreTrouble(trouble);
        this.announce(storeEvent(trouble));
      },
      onCompactionError: (error) => context.onCompactionError(error),
      onLost: (error) => this.close(context.onLost(error)),
    });
  }

  get log(): DocumentLog {
    return this.#context.log;
  }

  get peerCount(): number {
    return this.#members.size;
  }

  /**
   * Lets a peer in and greets it. `hello` is what a client of ours said first.
   * @throws ScriptoriumError when the room was closed: why
   */
  join(peer: RoomPeer, hello?: ClientHello): void {
    if (this.#closed) throw this.#closed;
    if (hello && hello.protocol !== PROTOCOL_VERSION) {
      const message = `This server speaks version ${PROTOCOL_VERSION} of the extensions, not ${hello.protocol}.`;
      throw new ScriptoriumError('UNSUPPORTED_PROTOCOL', message);
    }
    const { log } = this;
    const resume = hello?.resume;
    const resumeSeq = resume?.epoch === log.epoch ? resume.seq : undefined;
    // A peer that this room has told its position since it opened has nothing that the room never saw, but its own.
    const owesAnswer = resumeSeq === undefined || resumeSeq <= log.openedSeq || resumeSeq > log.seq;
    this.#members.set(peer, {
      extended: hello !== undefined,
      schema: hello?.schema,
      current: false,
      resumeSeq,
      owesAnswer,
      behindSeq: undefined,
      catchingUp: false,
      acknowledgement: new Acknowledgement(),
    });
    const greeting: ServerMessage[] = [];
    if (hello) greeting.push({ type: 'welcome', welcome: this.#welcome(peer) });
    if (owesAnswer) greeting.push({ type: 'sync-step-1', stateVector: log.encodeStateVector() });
    const present = this.#awareness.entries();
    if (present.length > 0) greeting.push({ type: 'awareness', update: encodeAwareness(present) });
    if (isOutdated(hello?.schema, log.schema)) greeting.push({ type: 'event', event: schemaEvent(log.schema) });
    if (log.trouble) greeting.push({ type: 'event', event: storeEvent(log.trouble) });
    peer.send(new Batch([new Outgoing(greeting)]));
  }

  leave(peer: RoomPeer): void {
    if (!this.#members.delete(peer)) return;
    this.#waitingForStore.delete(peer);
    const { removed, claimants } = this.#awareness.removeOwner(peer);
    this.#awarenessChanged(removed);
    for (const claimant of claimants) claimant.send(Batch.of({ type: 'query-awareness' }));
    if (this.#members.size === 0) {
      this.#flushed();
      this.#cancelAskTimer?.();
      this.#cancelAskTimer = undefined;
      this.#answers.forget();
      this.#context.onEmpty();
    }
  }

  /**
   * What a peer sent. Where the answer takes a look into the store, a promise: what it sends next has to wait for it.
   * @throws ScriptoriumError when it can't be taken; nothing has changed then
   */
  receive(peer: RoomPeer, message: ClientMessage): void | Promise<void> {
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
      case 'query-awareness':
        return peer.send(Batch.of({ type: 'awareness', update: encodeAwareness(this.#awareness.entries()) }));
      case 'sync-status':
        member.acknowledgement.ask(message.payload);
        return this.#answerStatuses(peer, member.acknowledgement);
      case 'hello':
        throw new ScriptoriumError('MALFORMED_MESSAGE', 'A hello comes first and once.');
    }
  }

  /**
   * Takes an edit that no peer made and relays it to all. Resolves when it is durable.
   * @throws ScriptoriumError MALFORMED_UPDATE, STORE_UNAVAILABLE when too much waits, or why the room was closed
   */
  async edit(update: Uint8Array): Promise<void> {
    if (this.#closed) throw this.#closed;
    const content = decodeUpdateContent(update);
    if (!this.log.knows(content)) {
      this.log.add(update, content);
      this.#relay.ofDocument({ type: 'update', update });
      this.#flushLater(1);
    }
    await this.log.flush();
    if (this.#closed) throw this.#closed;
  }

  /** A peer that was congested has read everything: it is sent what it missed, from the log. */
  drained(peer: RoomPeer): void {
    const member = this.#members.get(peer);
    if (member?.behindSeq === undefined || member.catchingUp) return;
    const missed = this.log.updatesAfter(member.behindSeq);
    if (missed) return this.#catchUp(peer, member, { base: undefined, later: missed });
    member.catchingUp = true;
    this.log
      .withUpdatesFor(NOTHING, (updates) => this.#catchUp(peer, member, updates))
      ?.catch((thrown: unknown) => this.#members.has(peer) && peer.close(asScriptoriumError(thrown)));
  }

  #catchUp(peer: RoomPeer, member: Membership, { base, later }: Updates): void {
    if (!this.#members.has(peer)) return;
    member.catchingUp = false;
    member.behindSeq = undefined;
    const missed = [new Outgoing([{ type: 'awareness', update: encodeAwareness(this.#awareness.everything()) }])];
    if (member.current) {
      if (base) missed.push(Outgoing.ofUpdate(base));
      missed.push(new Outgoing([...updateMessages(later), ...this.#position(member)]));
    }
    peer.send(new Batch(missed));
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

  #welcome({ access }: RoomPeer): Welcome {
    const { epoch, seq } = this.log;
    return { protocol: PROTOCOL_VERSION, epoch, seq, access, user: null, limits: this.#context.peerLimits };
  }

  #answer(peer: RoomPeer, member: Membership, stateVector: Uint8Array): void | Promise<void> {
    const { log } = this;
    const { resumeSeq } = member;
    const resumed = resumeSeq === undefined ? undefined : log.updatesAfter(resumeSeq);
    const question = resumed ? `after ${resumeSeq}` : Buffer.from(stateVector).toString('base64');
    member.resumeSeq = undefined;
    const send = (answer: readonly Outgoing[]): void => {
      if (!this.#members.has(peer)) return;
      member.current = true;
      peer.send(new Batch([...answer, new Outgoing(this.#position(member))]));
    };
    const found = this.#answers.find(question, log.added);
    if (found) return send(found);
    const sendUpdates = ({ base, later }: Updates): void => {
      const rest = new Outgoing([...updateMessages(later), { type: 'sync-step-2', update: EMPTY_UPDATE }]);
      const answer = base ? [Outgoing.ofUpdate(base), rest] : [rest];
      this.#answers.keep(question, log.added, answer);
      send(answer);
    };
    if (resumed) return sendUpdates({ base: undefined, later: resumed });
    return log.withUpdatesFor(stateVector, sendUpdates);
  }

  #edit(peer: RoomPeer, member: Membership, { type, update }: EditMessage): void | Promise<void> {
    const content = decodeUpdateContent(update);
    // What follows on something that was refused would only wait for it: the step 2 that is asked for has it all.
    if (type === 'update') {
      if (!member.acknowledgement.refused) this.#take(peer, member, update, content);
      return;
    }
    // A client that comes back says again what it has, to the last deletion: only what is new is stored.
    return this.log.whetherKnown(content, (known) => {
      if (!this.#members.has(peer)) return;
      if (this.#take(peer, member, update, content, known)) this.#answered(peer, member);
    });
  }

  /** Takes an edit into the log and on to the others. False when it was refused. */
  #take(
    peer: RoomPeer,
    { acknowledgement, schema }: Membership,
    update: Uint8Array,
    content: UpdateContent,
    known = this.log.knows(content),
  ): boolean {
    const { log } = this;
    if (!known) {
      checkSchema(schema, log.schema);
      const schemaBefore = log.schema;
      try {
        log.add(update, content, schema);
      } catch (thrown) {
        this.#refuse(peer, acknowledgement, asScriptoriumError(thrown));
        return false;
      }
      if (log.schema > schemaBefore) this.announce(schemaEvent(log.schema));
      this.#relay.ofDocument({ type: 'update', update }, peer);
      this.#flushLater(1);
    }
    // Also for what was known: it may have come from somebody else a moment ago and not be durable yet.
    acknowledgement.taken(log.added);
    this.#answerStatuses(peer, acknowledgement);
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
  #refuse(peer: RoomPeer, acknowledgement: Acknowledgement, error: ScriptoriumError): void {
    if (error.code !== 'STORE_UNAVAILABLE') throw error;
    if (acknowledgement.refuse()) peer.send(Batch.of({ type: 'refusal', refusal: refusalOf(error) }));
    this.#askLater();
  }

  #askLater(): void {
    this.#cancelAskTimer ??= this.#context.clock.after(ASK_DELAY_MS, () => {
      this.#cancelAskTimer = undefined;
      this.#askRefused();
    });
  }

  /** When there is room again, who was refused is asked for everything that is not here. */
  #askRefused(): void {
    const refused = [...this.#members].filter(([, { acknowledgement }]) => acknowledgement.toBeAsked);
    if (refused.length === 0) return;
    if (!this.log.hasRoom) return this.#askLater();
    for (const [peer, { acknowledgement }] of refused) {
      acknowledgement.asked();
      peer.send(Batch.of({ type: 'sync-step-1', stateVector: this.log.encodeStateVector() }));
    }
  }

  #present(peer: RoomPeer, { extended }: Membership, update: Uint8Array): void {
    const { changed, corrections } = this.#awareness.apply(peer, decodeAwareness(update), !extended);
    this.#awarenessChanged(changed);
    if (corrections.length > 0) peer.send(Batch.of({ type: 'awareness', update: encodeAwareness(corrections) }));
  }

  #awarenessChanged(entries: readonly AwarenessEntry[]): void {
    if (entries.length === 0) return;
    this.#relay.awareness(entries);
    this.#flushLater(entries.length);
  }

  #onDurable(): void {
    const mayRide = this.#pacer.expects(1, STATUS_DELAY_MS);
    for (const peer of this.#waitingForStore) {
      const member = this.#members.get(peer);
      if (member) this.#answerStatuses(peer, member.acknowledgement, mayRide);
    }
    this.#askRefused();
    this.#positionDue = true;
    this.#flushWithin(POSITION_DELAY_MS);
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
    this.#flushWithin(STATUS_DELAY_MS);
  }

  /** Something came for the peers: it goes out at the end of this turn, or a little later with more of it. */
  #flushLater(messages: number): void {
    this.#pacer.arrived(messages);
    if (this.#flushDue) return;
    this.#flushDue = true;
    const { clock } = this.#context;
    const delayMs = this.#pacer.delayMs(clock.now(), this.#members.size);
    if (delayMs < 1) clock.defer(() => this.#flush());
    else clock.after(delayMs, () => this.#flush());
  }

  /** What waits for other traffic waits no longer than this. */
  #flushWithin(delayMs: number): void {
    const { clock } = this.#context;
    const at = clock.now() + delayMs;
    if (at >= this.#latestFlushAt) return;
    this.#cancelLatestFlush?.();
    this.#latestFlushAt = at;
    this.#cancelLatestFlush = clock.after(delayMs, () => this.#flush());
  }

  #flushed(): void {
    this.#cancelLatestFlush?.();
    this.#cancelLatestFlush = undefined;
    this.#latestFlushAt = Number.POSITIVE_INFINITY;
  }

  #flush(): void {
    this.#flushDue = false;
    this.#flushed();
    if (this.#positionDue) {
      this.#positionDue = false;
      this.#relay.ofDocument({ type: 'position', seq: this.log.seq });
    }
    this.#relay.flush(this.#members, this.#relayedSeq);
    this.#relayedSeq = this.log.seq;
    this.#pacer.flushed(this.#context.clock.now());
  }
}

function updateMessages(updates: readonly Uint8Array[]): ServerMessage[] {
  return updates.map((update) => ({ type: 'update', update }));
}

/** What peers are told of the store: while it takes nothing, they show why nothing is saved. */
function storeEvent(trouble: ScriptoriumError | undefined): DocumentEvent {
  if (trouble === undefined) return { type: 'store', available: true };
  return { type: 'store', available: false, message: publicMessage(trouble) };
}
