import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { decodeBareFromServer, encodeBare, type ServerMessage } from '../../protocol/index.ts';

export const HELLO = encodeBare({ type: 'hello', hello: { protocol: 1 } });
export const STEP_ONE = encodeBare({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });

/** A WebSocket of a test, and what it was sent. */
export interface RawPeer {
  readonly socket: WebSocket;
  readonly received: readonly ServerMessage[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** The codes of the refusals that it was sent. */
  refusals(): string[];
}

/** Connects and sends the messages. */
export async function rawPeer(url: string, messages: readonly Uint8Array[] = []): Promise<RawPeer> {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  const received: ServerMessage[] = [];
  socket.on('message', (data) => received.push(decodeBareFromServer(new Uint8Array(data as Buffer))));
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
  await once(socket, 'open');
  for (const message of messages) socket.send(message);
  return {
    socket,
    received,
    closed,
    refusals: () => received.flatMap((message) => (message.type === 'refusal' ? [message.refusal.code] : [])),
  };
}
