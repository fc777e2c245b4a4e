import type { ClientHello } from '../protocol/index.ts';
import { Acknowledgement } from './acknowledgement.ts';
import type { DocumentLog } from './document-log.ts';
import type { Recipient } from './relay.ts';

/** What a room knows of one of its peers. */
export interface Membership extends Recipient {
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

/** Somebody who comes now. */
export function newMembership(log: DocumentLog, hello: ClientHello | undefined): Membership {
  const resume = hello?.resume;
  const resumeSeq = resume?.epoch === log.epoch ? resume.seq : undefined;
  return {
    extended: hello !== undefined,
    schema: hello?.schema,
    current: false,
    resumeSeq,
    // A peer that this room has told its position since it opened has nothing that the room never saw, but its own.
    owesAnswer: resumeSeq === undefined || resumeSeq <= log.openedSeq || resumeSeq > log.seq,
    behindSeq: undefined,
    catchingUp: false,
    acknowledgement: new Acknowledgement(),
  };
}
