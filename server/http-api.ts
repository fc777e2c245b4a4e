import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { DocumentInfo } from '../persistence/index.ts';
import {
  asScriptoriumError,
  checkDocumentName,
  ERRORS,
  publicMessage,
  ScriptoriumError,
  wireCode,
} from '../protocol/index.ts';
import { documentOfPath } from './document-path.ts';
import { addContentRoutes } from './http-content.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { readBody } from './request-body.ts';
import type { Rooms } from './rooms.ts';

/** What the API needs from its surroundings. */
export interface ApiContext {
  readonly rooms: Rooms;
  readonly logger: Logger;
  /** Answered at /metrics, where it is to be. */
  readonly metrics?: Metrics;
  readonly maxRequestBytes: number;
  readonly maxImportBytes: number;
  /** Whether the server takes connections. */
  isReady(): boolean;
}

const DOCUMENTS = '/api/documents';

/** So many documents are listed: those that were changed last. */
const MAX_LISTED = 1_000;

/** What is wrong with a document that nobody can open. */
const UNREADABLE = wireCode('DOCUMENT_UNREADABLE');

/** A document as the API tells of it. */
interface Summary extends Pick<DocumentInfo, 'document' | 'title' | 'createdAt' | 'updatedAt'> {
  readonly problem?: string;
}

/** The longest title of a document, in UTF-16 units. */
const MAX_TITLE_LENGTH = 500;

/**
 * The HTTP API: documents beside their content. Every error is `{error: {code, message}}` with the status of its code.
 *
 *     GET    /api/documents             the documents, the one changed last first
 *     POST   /api/documents             {document?, title?}: makes one
 *     GET    /api/documents/:document
 *     PATCH  /api/documents/:document   {title}
 *     DELETE /api/documents/:document   one that can't be read only with ?force=true
 *     ...                               and the content: http-content.ts
 *     GET    /health                    the process lives
 *     GET    /ready                     it takes connections
 *     GET    /metrics                   what it does, for Prometheus
 */
export function createApi({ rooms, logger, metrics, maxRequestBytes, maxImportBytes, isReady }: ApiContext): Hono {
  const api = new Hono();

  api.onError((thrown, c) => {
    const error = asScriptoriumError(thrown);
    if (error.code === 'INTERNAL') logger.error({ err: error.cause, path: c.req.path }, 'a request failed');
    const body = { error: { code: wireCode(error.code), message: publicMessage(error) } };
    return c.json(body, ERRORS[error.code].http as ContentfulStatusCode);
  });
  api.notFound(() => {
    throw new ScriptoriumError('NOT_FOUND', 'There is nothing here.');
  });

  api.get('/health', (c) => c.json({ status: 'ok' }));
  api.get('/ready', (c) => (isReady() ? c.json({ status: 'ready' }) : c.json({ status: 'not-ready' }, 503)));
  if (metrics) {
    api.get('/metrics', async (c) => c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType }));
  }

  api.get(DOCUMENTS, async (c) => {
    const unreadable: Summary[] = [];
    const readable = await rooms.storage.list({
      limit: Number.POSITIVE_INFINITY,
      onUnreadable: (document) => {
        unreadable.push({ document, title: '', createdAt: 0, updatedAt: 0, problem: UNREADABLE });
      },
    });
    readable.sort((a, b) => b.updatedAt - a.updatedAt);
    return c.json({ documents: [...unreadable, ...readable.map(summary)].slice(0, MAX_LISTED) });
  });
  api.post(DOCUMENTS, async (c) => {
    const { document: name, title } = await body(c.req.raw, maxRequestBytes);
    const document = name === undefined ? randomUUID() : documentOf(name);
    const info = await rooms.create(document, title === undefined ? undefined : titleOf(title));
    return c.json(summary(info), 201);
  });

  api.get(`${DOCUMENTS}/:document`, async (c) => {
    const info = await rooms.storage.info(documentIn(c.req.url));
    if (info === undefined) throw notFound();
    return c.json(summary(info));
  });
  api.patch(`${DOCUMENTS}/:document`, async (c) => {
    const { title } = await body(c.req.raw, maxRequestBytes);
    return c.json(summary(await rooms.setTitle(documentIn(c.req.url), titleOf(title))));
  });
  api.delete(`${DOCUMENTS}/:document`, async (c) => {
    if (!(await rooms.delete(documentIn(c.req.url), c.req.query('force') === 'true'))) throw notFound();
    return c.body(null, 204);
  });
  addContentRoutes(api, { rooms, logger, maxImportBytes });
  return api;

  function summary({ document, title, createdAt, updatedAt }: DocumentInfo): Summary {
    const known = { document, title, createdAt, updatedAt };
    return rooms.isUnreadable(document) ? { ...known, problem: UNREADABLE } : known;
  }
}

async function body(request: Request, maxBytes: number): Promise<Record<string, unknown>> {
  const text = Buffer.from(await readBody(request, maxBytes)).toString();
  let value: unknown;
  try {
    value = JSON.parse(text || '{}');
  } catch (cause) {
    throw new ScriptoriumError('MALFORMED_REQUEST', 'The body is not JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ScriptoriumError('MALFORMED_REQUEST', 'The body is not a JSON object.');
  }
  return value as Record<string, unknown>;
}

/** Hono's own decoding of a path lets what is not percent-encoded UTF-8 through as it is. */
function documentIn(url: string): string {
  return documentOfPath(new URL(url).pathname.slice(DOCUMENTS.length + 1));
}

function documentOf(name: unknown): string {
  if (typeof name !== 'string') throw new ScriptoriumError('MALFORMED_REQUEST', 'document is not a string.');
  return checkDocumentName(name);
}

function titleOf(title: unknown): string {
  if (typeof title !== 'string') throw new ScriptoriumError('MALFORMED_REQUEST', 'title is not a string.');
  if (title.length > MAX_TITLE_LENGTH) {
    throw new ScriptoriumError('MALFORMED_REQUEST', `A title has at most ${MAX_TITLE_LENGTH} characters.`);
  }
  return title;
}

function notFound(): ScriptoriumError {
  return new ScriptoriumError('DOCUMENT_NOT_FOUND', 'There is no such document.');
}
