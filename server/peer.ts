import type { Access, PeerUser, ScriptoriumError } from '../protocol/index.ts';
import { ERRORS, refusalOf, wireCode } from '../protocol/index.ts';
import { Batch } from './batch.ts';
import type { RoomPeer } from './room-peer.ts';
import type { Wire } from './wire.ts';

/** What a peer needs of its connection. */
export interface PeerTransport {
  /** Whether more waits to be read than should. */
  readonly congested: boolean;
  /** Hands bytes to the socket, piece by piece. */
  write(chunks: readonly Uint8Array[]): void;
  /** Closes the connection with a WebSocket close code. */
  close(code: number, reason: string): void;
}

/** A peer whose connection carries this one document. */
export class BarePeer implements RoomPeer {
  /** What it may do; the connection says it. */
  access: Access = 'none';
  user: PeerUser | null = null;
  readonly #wire: Wire;
  readonly #transport: PeerTransport;

  constructor(wire: Wire, transport: PeerTransport) {
    this.#wire = wire;
    this.#transport = transport;
  }

  get congested(): boolean {
    return this.#transport.congested;
  }

  send(batch: Batch): void {
    const chunks = batch.chunks(this.#wire);
    if (chunks.length > 0) this.#transport.write(chunks);
  }

  close(error: ScriptoriumError): void {
    this.send(Batch.of({ type: 'refusal', refusal: refusalOf(error) }));
    this.#transport.close(ERRORS[error.code].close, wireCode(error.code));
  }
}
