import { closeSync, openSync, writeSync } from 'node:fs';
import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import type { Access, ErrorCode } from '../../protocol/index.ts';
import type { Logger } from '../logger.ts';
import type { Identity } from './user.ts';

/** Where the audit log goes: the path of a file that is appended to, or something that takes lines of JSON. */
export type AuditDestination = string | DestinationStream;

/** What the audit log tells of. */
export type AuditEvent =
  | 'connected'
  | 'disconnected'
  | 'refused'
  | 'access-set'
  | 'revoked'
  | 'link-made'
  | 'link-revoked'
  | 'document-deleted';

/** The particulars of an event: no content, no token. */
export interface AuditDetails {
  /** Who did it or was refused. */
  readonly by?: Identity | undefined;
  readonly address?: string | undefined;
  readonly document?: string | undefined;
  /** Who it is about. */
  readonly user?: string | undefined;
  /** The link that it is about. */
  readonly link?: string | undefined;
  readonly access?: Access | null | undefined;
  readonly expiresAt?: number | undefined;
  readonly code?: ErrorCode | undefined;
}

/** Who came, was refused, and changed what others may do: a line of JSON for each. */
export class AuditLog {
  readonly #destination: AuditDestination | undefined;
  readonly #logger: Logger;
  readonly #pino: Pino | undefined;
  #file: number | undefined;
  #failed = false;

  constructor(destination: AuditDestination | undefined, logger: Logger) {
    this.#destination = destination;
    this.#logger = logger;
    if (destination === undefined) return;
    // In the place of the level, which says nothing here.
    const formatters = { level: () => ({ log: 'audit' }) };
    const options = { base: null, formatters, timestamp: pino.stdTimeFunctions.isoTime };
    this.#pino = pino(options, { write: (line: string) => this.#append(line) });
  }

  /** @throws Node's error when the file can't be opened */
  open(): void {
    if (typeof this.#destination === 'string') this.#file = openSync(this.#destination, 'a', 0o600);
  }

  write(event: AuditEvent, { by, ...details }: AuditDetails): void {
    const actor = by && { by: by.user?.id ?? null, ...(by.link !== undefined && { byLink: by.link }) };
    this.#pino?.info({ event, ...actor, ...details });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** At once: a line is in the file also when the process dies right after. What can't be written stops nobody. */
  #append(line: string): void {
    try {
      if (typeof this.#destination === 'object') this.#destination.write(line);
      else if (this.#file !== undefined) writeSync(this.#file, line);
      this.#failed = false;
    } catch (err) {
      if (!this.#failed) this.#logger.error({ err }, 'the audit log cannot be written');
      this.#failed = true;
    }
  }
}
