/** What each error means on the wire and over HTTP, and whether trying again can help. */
interface ErrorMeaning {
  /** HTTP status of the answer. */
  readonly http: number;
  /** WebSocket close code; what a client does on each is in PROTOCOL.md. */
  readonly close: number;
  /** Whether the same request may succeed later. */
  readonly retry: boolean;
  /** What others are told, where an error's own message is for the log: it may name folders. */
  readonly message?: string;
}

/**
 * Every error that crosses a boundary. Codes are stable; messages may change.
 * On the wire a code is written in lower case with dashes, see {@link wireCode}.
 */
export const ERRORS = {
  MALFORMED_MESSAGE: { http: 400, close: 4400, retry: false },
  MALFORMED_UPDATE: { http: 400, close: 4400, retry: false },
  MALFORMED_AWARENESS: { http: 400, close: 4400, retry: false },
  MALFORMED_REQUEST: { http: 400, close: 4400, retry: false },
  UNKNOWN_MESSAGE_TYPE: { http: 400, close: 4400, retry: false },
  UNSUPPORTED_PROTOCOL: { http: 400, close: 4400, retry: false },
  INVALID_DOCUMENT_NAME: { http: 400, close: 4400, retry: false },
  SCHEMA_OUTDATED: { http: 409, close: 4409, retry: false },
  MESSAGE_TOO_LARGE: { http: 413, close: 4413, retry: false },
  UNAUTHORIZED: { http: 401, close: 4401, retry: true },
  FORBIDDEN: { http: 403, close: 4403, retry: false },
  READ_ONLY: { http: 403, close: 4403, retry: false },
  ACCESS_UNKNOWN: {
    http: 503,
    close: 1013,
    retry: true,
    message: 'What you may do cannot be found out at present.',
  },
  DOCUMENT_TOO_LARGE: { http: 413, close: 4413, retry: false },
  FILE_TOO_LARGE: { http: 413, close: 4413, retry: false },
  FILES_FULL: { http: 413, close: 4413, retry: false },
  UNSUPPORTED_FILE_TYPE: { http: 415, close: 4400, retry: false },
  AWARENESS_TOO_LARGE: { http: 413, close: 4413, retry: false },
  ORIGIN_NOT_ALLOWED: { http: 403, close: 4403, retry: false },
  TOO_MANY_CONNECTIONS: { http: 429, close: 1013, retry: true },
  TOO_MANY_PEERS: { http: 429, close: 1013, retry: true },
  TOO_MANY_DOCUMENTS: { http: 429, close: 1013, retry: true },
  TOO_MANY_REQUESTS: { http: 429, close: 1013, retry: true },
  TOO_MANY_MESSAGES: { http: 429, close: 4429, retry: true },
  HELLO_TIMEOUT: { http: 408, close: 4408, retry: true },
  DOCUMENT_NOT_FOUND: { http: 404, close: 4404, retry: false },
  DOCUMENT_DELETED: { http: 410, close: 4404, retry: false },
  DOCUMENT_UNREADABLE: {
    http: 500,
    close: 1013,
    retry: true,
    message: 'What is stored of this document cannot be read. It is left as it is until it is repaired.',
  },
  STORE_UNAVAILABLE: {
    http: 503,
    close: 1013,
    retry: true,
    message: 'The server cannot save anything at present.',
  },
  LOAD_FAILED: {
    http: 503,
    close: 1013,
    retry: true,
    message: 'This document cannot be loaded at present from where it is kept.',
  },
  STORE_LOCKED: { http: 503, close: 1013, retry: true, message: 'The server cannot save anything at present.' },
  OUTBOX_FULL: { http: 503, close: 1013, retry: true },
  SERVER_BUSY: { http: 503, close: 1013, retry: true },
  RESYNC_NEEDED: { http: 503, close: 1012, retry: true },
  SERVER_STOPPING: { http: 503, close: 1012, retry: true },
  MALFORMED_BACKUP: { http: 400, close: 4400, retry: false },
  STORE_NOT_EMPTY: { http: 409, close: 4400, retry: false },
  NOT_FOUND: { http: 404, close: 4404, retry: false },
  INTERNAL: { http: 500, close: 1011, retry: true, message: 'Internal error.' },
} as const satisfies Record<string, ErrorMeaning>;

/** A stable error code, a key of {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS;

/** An error with a stable `code`. What it means to others is looked up in {@link ERRORS}. */
export class ScriptoriumError extends Error {
  readonly code: ErrorCode;
  /** When trying again may help, in milliseconds from now, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; retryAfterMs?: number }) {
    super(message, options);
    this.name = 'ScriptoriumError';
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** The code as refusals, close reasons and HTTP answers spell it: `STORE_UNAVAILABLE` is `store-unavailable`. */
export function wireCode(code: ErrorCode): string {
  return code.toLowerCase().replaceAll('_', '-');
}

/** What was sent was not taken, and why. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** Whether the same may be taken later. */
  readonly retry: boolean;
  /** When to try again, in milliseconds from now, where the server knows. */
  readonly retryAfterMs?: number;
}

/** What an error says to others. */
export function publicMessage({ code, message }: ScriptoriumError): string {
  const meaning: ErrorMeaning = ERRORS[code];
  return meaning.message ?? message;
}

/** How the peer that caused an error is told of it. */
export function refusalOf(error: ScriptoriumError): Refusal {
  const { code, retryAfterMs } = error;
  return {
    code: wireCode(code),
    message: publicMessage(error),
    retry: ERRORS[code].retry,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Any thrown value as a {@link ScriptoriumError}; what is not one already becomes `INTERNAL` with that cause. */
export function asScriptoriumError(error: unknown): ScriptoriumError {
  return error instanceof ScriptoriumError
    ? error
    : new ScriptoriumError('INTERNAL', 'Internal error.', { cause: error });
}
