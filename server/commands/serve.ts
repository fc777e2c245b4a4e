import { type Command, InvalidArgumentError, Option } from 'commander';
import { LevelStorage } from '../../persistence/index.ts';
import { ScriptoriumError } from '../../protocol/index.ts';
import { fallbackFetch } from '../fallback-fetch.ts';
import { createLogger, type Logger } from '../logger.ts';
import { DEFAULT_LIMITS, type Limits } from '../options.ts';
import type { TrustProxy } from '../proxies.ts';
import { createServer, type ScriptoriumServer, type ServerOptions } from '../server.ts';
import { goFirst } from '../thread-priority.ts';
import { type AccessFlags, accessOptions, addAccessOptions } from './access-options.ts';
import { dataOption } from './data-option.ts';

interface ServeOptions extends AccessFlags {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly limit: Partial<Limits>;
  readonly compression: boolean;
  readonly metrics: boolean;
  readonly origin: string[];
  readonly trustProxy: TrustProxy;
  readonly frameAncestor: string[];
  readonly basePath?: string;
  readonly fallbackFetch?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly logLevel: string;
  readonly logFormat: 'json' | 'pretty';
}

/** A secret is never a flag: everybody on the machine sees the arguments of a program. */
const FALLBACK_TOKEN = 'SCRIPTORIUM_FALLBACK_TOKEN';
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** `scriptorium serve`: what the program does when it is told nothing. */
export function addServe(program: Command): void {
  const command = program
    .command('serve', { isDefault: true })
    .description('Serve the editor and the sync server on a LevelDB folder.')
    .addOption(
      new Option('-p, --port <number>', 'port to listen on; 0 takes a free one')
        .env('SCRIPTORIUM_PORT')
        .default(1234)
        .argParser(parsePort),
    )
    .addOption(new Option('--host <address>', 'address to listen on').env('SCRIPTORIUM_HOST').default('127.0.0.1'))
    .addOption(dataOption())
    .addOption(
      new Option(
        '--limit <name=value...>',
        `a bound that differs from its default: ${Object.keys(DEFAULT_LIMITS).join(', ')}`,
      )
        .default({}, 'see README')
        .argParser(parseLimit),
    )
    .addOption(
      new Option('--compression', 'compress large messages for clients that offer it').env('SCRIPTORIUM_COMPRESSION'),
    )
    .addOption(new Option('--no-metrics', 'do not serve /metrics'))
    .addOption(
      new Option('--origin <origin...>', 'origins whose pages may use the server beside its own; * for any')
        .env('SCRIPTORIUM_ORIGIN')
        .default([], 'none')
        .argParser(parseList),
    )
    .addOption(
      new Option('--trust-proxy <proxy...>', 'proxies that are believed: how many in a row, or addresses and networks')
        .env('SCRIPTORIUM_TRUST_PROXY')
        .default(false, 'none')
        .argParser(parseProxies),
    )
    .addOption(
      new Option('--frame-ancestor <origin...>', 'origins whose pages may show the page in a frame')
        .env('SCRIPTORIUM_FRAME_ANCESTOR')
        .default([], 'none')
        .argParser(parseList),
    )
    .addOption(
      new Option('--base-path <path>', 'path that a proxy passes on, such as /docs').env('SCRIPTORIUM_BASE_PATH'),
    )
    .addOption(
      new Option(
        '--fallback-fetch <address>',
        `where documents are that the store does not have, with {document} in it (${FALLBACK_TOKEN}: bearer token)`,
      ).env('SCRIPTORIUM_FALLBACK_FETCH'),
    )
    .addOption(new Option('--tls-cert <file>', 'certificate to speak HTTPS with, PEM').env('SCRIPTORIUM_TLS_CERT'))
    .addOption(new Option('--tls-key <file>', 'its key, PEM').env('SCRIPTORIUM_TLS_KEY'))
    .addOption(
      new Option('--log-level <level>', 'what to log').env('SCRIPTORIUM_LOG_LEVEL').choices(LOG_LEVELS).default('info'),
    )
    .addOption(
      new Option('--log-format <format>', 'JSON lines, or for people to read')
        .env('SCRIPTORIUM_LOG_FORMAT')
        .choices(['json', 'pretty'])
        .default(process.stdout.isTTY ? 'pretty' : 'json', 'pretty on a terminal, else json'),
    );
  addAccessOptions(command).action(serve);
}

async function serve(options: ServeOptions, command: Command): Promise<void> {
  const {
    port,
    host,
    data,
    limit,
    compression,
    metrics,
    basePath = '',
    logLevel,
    logFormat,
    tlsCert,
    tlsKey,
  } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    command.error('error: --tls-cert and --tls-key need each other');
  const logger = createLogger({ level: logLevel, format: logFormat });
  const storage = new LevelStorage(data);
  const { origin: origins, trustProxy, frameAncestor: frameAncestors } = options;
  const shown = { origins, trustProxy, frameAncestors };
  let server: ScriptoriumServer;
  try {
    server = createServer({
      storage,
      logger,
      limits: limit,
      compression,
      metrics,
      basePath,
      ...shown,
      ...fallbackOptions(options),
      ...accessOptions(options),
    });
  } catch (error) {
    command.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  }
  await goFirst();
  try {
    const tls = tlsCert !== undefined && tlsKey !== undefined ? { cert: tlsCert, key: tlsKey } : undefined;
    const { url } = await server.listen({ port, host, ...(tls && { tls }) });
    logger.info({ url, data: storage.folder }, `Scriptorium is at ${url}${basePath}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`scriptorium: ${explain(error, { port, host })}`);
    await server.close();
    return;
  }
  stopOnSignals(server, logger);
}

/** @throws TypeError when the address is none */
function fallbackOptions({ fallbackFetch: url, limit }: ServeOptions): Pick<ServerOptions, 'loadDocument'> {
  if (url === undefined) return {};
  const token = process.env[FALLBACK_TOKEN];
  const maxBytes = limit.maxDocumentBytes ?? DEFAULT_LIMITS.maxDocumentBytes;
  return { loadDocument: fallbackFetch({ url, maxBytes, ...(token !== undefined && { token }) }) };
}

function stopOnSignals(server: { close(): Promise<void> }, logger: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) {
      logger.warn({ signal }, 'stopping at once');
      process.exit(1);
    }
    stopping = true;
    logger.info({ signal }, 'stopping');
    server.close().then(
      () => logger.info('stopped'),
      (err: unknown) => {
        logger.error({ err }, 'could not stop cleanly');
        process.exitCode = 1;
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function explain(error: unknown, { port, host }: { port: number; host: string }): string {
  if (error instanceof ScriptoriumError) return error.message;
  if (!(error instanceof Error)) return String(error);
  switch ('code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use. Choose another with --port, or stop the program that has it.`;
    case 'EACCES':
      return `port ${port} on ${host} may not be used by this user. Choose one above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address ${host}. Choose another with --host.`;
    case 'ENOENT':
      return `a file of the certificate is not there: ${error.message}`;
    default:
      return error.message;
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

/** `name=value`, each added to those before it. */
function parseLimit(text: string, before: Partial<Limits>): Partial<Limits> {
  const [name = '', value = ''] = text.split('=');
  if (!(name in DEFAULT_LIMITS)) throw new InvalidArgumentError(`There is no limit ${JSON.stringify(name)}.`);
  const number = value === 'Infinity' ? Number.POSITIVE_INFINITY : Number(value);
  if (value === '' || !(number > 0)) throw new InvalidArgumentError('A limit is a number above 0, or Infinity.');
  return { ...before, [name]: number };
}

/** One flag with many values, a flag for each, or in the environment commas between them. */
function parseList(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(',').map((item) => item.trim())];
}

function parseProxies(text: string, before: TrustProxy | undefined): TrustProxy {
  if (/^\d+$/.test(text)) return Number(text);
  return parseList(text, Array.isArray(before) ? (before as string[]) : []);
}
