import type { Page } from 'playwright-core';

/** Types of the wire: the first byte of a message. */
export const SYNC = 0;
export const SYNC_STATUS = 102;
export const EVENT = 104;

/** What a page is not told yet. */
export interface HeldMessages {
  /** How many have been held back so far. */
  count(): number;
  /** Delivers them, and holds nothing more. */
  release(): void;
}

/**
 * Holds back all messages of one type that the server sends to this page from now on, for sockets that open from now on.
 * `onSocket` is told of each that opens (1) and closes (-1).
 */
export async function holdMessages(
  page: Page,
  type: number,
  onSocket: (change: 1 | -1) => void = () => {},
): Promise<HeldMessages> {
  const held: (() => void)[] = [];
  let holding = true;
  await page.routeWebSocket(/\/sync\//, (socket) => {
    const server = socket.connectToServer();
    onSocket(1);
    socket.onClose((code, reason) => {
      onSocket(-1);
      void server.close({ ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) });
    });
    server.onMessage((message) => {
      if (holding && message[0] === type) held.push(() => socket.send(message));
      else socket.send(message);
    });
  });
  return {
    count: () => held.length,
    release() {
      holding = false;
      for (const deliver of held.splice(0)) deliver();
    },
  };
}
