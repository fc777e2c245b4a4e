import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Where the program's log goes and how: JSON lines, or for people to read. */
export function createLogger(options: { readonly level: string; readonly format: 'json' | 'pretty' }): Logger {
  const { level, format } = options;
  if (format === 'json') return pino({ level });
  return pino({ level, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } });
}

/** A log that goes nowhere. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}
