import { LevelStorage } from '../../persistence/index.ts';
import { createServer, type Limits } from '../../server/index.ts';

/** A server in this process, on a real port and a real LevelDB folder. */
export interface TestServer {
  /** What providers take: the address of `/sync`. */
  readonly syncUrl: string;
  readonly httpUrl: string;
  readonly port: number;
  /** Stops it as SIGTERM does. */
  close(): Promise<void>;
}

/** Starts a server; give the port to start it again where it was. */
export async function startServer(folder: string, port = 0, limits: Partial<Limits> = {}): Promise<TestServer> {
  const server = createServer({ storage: new LevelStorage(folder), limits });
  const { url, port: taken } = await server.listen({ port, host: '127.0.0.1' });
  return { syncUrl: `${url.replace('http', 'ws')}/sync`, httpUrl: url, port: taken, close: () => server.close() };
}
