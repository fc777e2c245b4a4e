import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what systems give to outgoing connections: nobody else takes the port while a server is started again on it. */
const FIRST = 20_000;
const LAST = 31_999;
const TRIES = 50;

/** A port for a server that may be stopped and started again. */
export async function freePort(): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    const probe = createServer();
    probe.listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
    } catch {
      continue;
    }
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new Error('There is no free port.');
}
