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
  readonly #pino: Pino | undefined;
  readonly #close: () => void;

  /** What it can't write is said in the other log, once; the server goes on. */
  constructor(destination: AuditDestination | undefined, logger: Logger) {
    this.#close = () => {};
    if (destination === undefined) return;
    let failed = false;
    const onFailure = (err: unknown): void => {
      if (!failed) logger.error({ err }, 'the audit log cannot be written');
      failed = true;
    };
    if (typeof destination !== 'string') {
      this.#pino = auditPino(guarded(destination, onFailure));
      return;
    }
    // Synchronous: a line is in the file when the process dies right after.
    const file = pino.destination({ dest: destination, append: true, mkdir: true, sync: true });
    file.on('error', onFailure);
    this.#pino = auditPino(guarded(file, onFailure));
    this.#close = () => file.end();
  }

  write(event: AuditEvent, { by, ...details }: AuditDetails): void {
    const actor = by && { by: by.user?.id ?? null, ...(by.link !== undefined && { byLink: by.link }) };
    this.#pino?.info({ event, ...actor, ...details });
  }

  close(): void {
    this.#close();
  }
}

function auditPino(destination: DestinationStream): Pino {
  const formatters = { level: () => ({}) };
  return pino({ base: null, formatters, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

function guarded(destination: DestinationStream, onFailure: (error: unknown) => void): DestinationStream {
  return {
    write(line) {
      try {
        destination.write(line);
      } catch (error) {
        onFailure(error);
      }
    },
  };
}
