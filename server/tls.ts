import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Logger } from './logger.ts';

/** Where the certificate is and its key, as PEM files. */
export interface TlsFiles {
  /** The certificate, and after it those of the authorities in between. */
  readonly cert: string;
  readonly key: string;
}

/** A certificate and its key as read from the files. */
export interface TlsCredentials {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** How often the files are looked at. */
const LOOK_EVERY_MS = 2_000;

/** @throws Error of Node when a file can't be read, is no PEM, or the key is that of another certificate */
export function readCredentials({ cert, key }: TlsFiles): TlsCredentials {
  const credentials = { cert: readFileSync(cert), key: readFileSync(key) };
  createSecureContext(credentials);
  return credentials;
}

/**
 * Gives the server a new certificate when the files have changed, without a break. While they do not fit, it keeps the
 * one that it has: the two files are rarely written at once. Answers a function that ends this.
 */
export function watchCredentials(files: TlsFiles, server: Server, logger: Logger, everyMs = LOOK_EVERY_MS): () => void {
  const reload = (): void => {
    try {
      server.setSecureContext(readCredentials(files));
      logger.info({ cert: files.cert }, 'the certificate was read again');
    } catch (err) {
      logger.warn({ err, cert: files.cert }, 'the new certificate cannot be used; the one before stays');
    }
  };
  // By looking, not by events: certificates are often links that are made to point elsewhere.
  for (const file of [files.cert, files.key]) watchFile(file, { interval: everyMs, persistent: false }, reload);
  return () => {
    for (const file of [files.cert, files.key]) unwatchFile(file, reload);
  };
}
