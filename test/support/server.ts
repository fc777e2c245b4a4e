import { LevelStorage } from '../../persistence/index.ts';
import { createServer, type Limits, type ScriptoriumServer, type ServerOptions } from '../../server/index.ts';
import { freePort } from './free-port.ts';

/** A server in this process, on a real port and a real LevelDB folder. */
export interface TestServer {
  /** What providers take: the address of `/sync`. */
  readonly syncUrl: string;
  readonly httpUrl: string;
  readonly port: number;
  readonly server: ScriptoriumServer;
  /** Stops it as SIGTERM does. */
  close(): Promise<void>;
}

/** Starts a server; give the port to start it again where it was. */
export async function startServer(
  folder: string,
  port?: number,
  limits: Partial<Limits> = {},
  options: Omit<ServerOptions, 'storage' | 'limits'> = {},
): Promise<TestServer> {
  const server = createServer({ storage: new LevelStorage(folder), limits, ...options });
  const { url, port: taken } = await server.listen({ port: port || (await freePort()), host: '127.0.0.1' });
  const syncUrl = `${url.replace('http', 'ws')}/sync`;
  return { syncUrl, httpUrl: url, port: taken, server, close: () => server.close() };
}
