import type { IncomingMessage } from 'node:http';
import type { ScriptoriumError } from '../protocol/index.ts';
import type { Place } from './admission.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Limits } from './options.ts';
import type { BulkLane } from './outbox.ts';
import type { PeerContext } from './peer.ts';
import type { RefusalLog } from './refusal-log.ts';

/** One WebSocket, whatever its framing. */
export interface Connection {
  /** What it has not read yet. */
  readonly unreadBytes: number;
  /** Ends it if it did not answer the last ping; else pings it again. */
  beat(): void;
  /** A shutdown: whoever has joined is told by the room, the others here. */
  stop(error: ScriptoriumError): void;
  /** Ends it without a word. */
  terminate(): void;
}

/** Who comes, from where, and the place that is kept for them. */
export interface Visitor {
  readonly request: IncomingMessage;
  readonly address: string;
  readonly place: Place;
}

/** What a connection needs from its surroundings. */
export interface ConnectionContext extends PeerContext {
  readonly limits: Limits;
  readonly bulkLane: BulkLane;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
}
