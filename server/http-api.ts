import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { DocumentInfo } from '../persistence/index.ts';
import { asScriptoriumError, checkDocumentName, ScriptoriumError, wireCode } from '../protocol/index.ts';
import { addAccessRoutes } from './access/http-access.ts';
import type { HttpAccess } from './access/http-guard.ts';
import { documentOfPath } from './document-path.ts';
import type { FileStore } from './files/file-store.ts';
import { addFileRoutes } from './files/http-files.ts';
import { addContentRoutes } from './http-content.ts';
import { httpRefusal } from './http-refusal.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { jsonBody } from './request-body.ts';
import type { Rooms } from './rooms.ts';
import { seedOf, titleOf } from './seed.ts';

/** What the API needs from its surroundings. */
export interface ApiContext {
  readonly rooms: Rooms;
  readonly http: HttpAccess;
  readonly files: FileStore;
  readonly logger: Logger;
  /** Answered at /metrics, where it is to be. */
  readonly metrics?: Metrics;
  readonly maxRequestBytes: number;
  readonly maxImportBytes: number;
  readonly maxFileBytes: number;
  /** Whether the server takes connections. */
  isReady(): boolean;
}

const DOCUMENTS = '/api/documents';

/** So many documents are listed: those that were changed last. */
const MAX_LISTED = 1_000;
/** For so many of them it is asked at once whether they may be seen. */
const ASKED_AT_ONCE = 50;

/** How much longer bytes are in base64. */
const BASE64 = 4 / 3;

/** What is wrong with a document that nobody can open. */
const UNREADABLE = wireCode('DOCUMENT_UNREADABLE');

/** A document as the API tells of it. */
interface Summary extends Pick<DocumentInfo, 'document' | 'title' | 'createdAt' | 'updatedAt' | 'updatedBy'> {
  readonly problem?: string;
}

/**
 * The HTTP API: documents beside their content. Every error is `{error: {code, message}}` with the status of its code.
 *
 *     GET    /api/documents             the documents that one may read, the one changed last first
 *     POST   /api/documents             {document?, title?}: makes one
 *     GET    /api/documents/:document
 *     PUT    /api/documents/:document   {title?, update?, schema?}: makes it with that, once
 *     PATCH  /api/documents/:document   {title}
 *     DELETE /api/documents/:document   one that can't be read only with ?force=true
 *     ...                               and the content: http-content.ts, files: files/http-files.ts, access: access/http-access.ts
 *     GET    /health                    the process lives
 *     GET    /ready                     it takes connections
 *     GET    /metrics                   what it does, for Prometheus
 */
export function createApi(context: ApiContext): Hono {
  const { rooms, http, files, logger, metrics, maxRequestBytes, maxImportBytes, maxFileBytes, isReady } = context;
  const api = new Hono();

  api.onError((thrown, c) => {
    const error = asScriptoriumError(thrown);
    if (error.code === 'INTERNAL') logger.error({ err: error.cause, path: c.req.path }, 'a request failed');
    const { status, headers, body } = httpRefusal(error);
    if (error.code === 'UNAUTHORIZED') c.header('WWW-Authenticate', 'Bearer');
    return c.json(body, status as ContentfulStatusCode, headers);
  });
  // Who may not make requests from another origin has been refused before.
  api.use(
    '/api/*',
    cors({
      origin: (origin) => origin,
      allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowHeaders: ['Authorization', 'Content-Type'],
      exposeHeaders: ['Retry-After'],
      maxAge: 600,
    }),
  );
  api.notFound(() => {
    throw new ScriptoriumError('NOT_FOUND', 'There is nothing here.');
  });

  api.get('/health', (c) => c.json({ status: 'ok' }));
  api.get('/ready', (c) => (isReady() ? c.json({ status: 'ready' }) : c.json({ status: 'not-ready' }, 503)));
  if (metrics) {
    api.get('/metrics', async (c) => {
      await http.serverAdmin(c);
      return c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType });
    });
  }

  api.get(DOCUMENTS, async (c) => {
    const { by } = await http.somebody(c);
    const unreadable: Summary[] = [];
    const readable = await rooms.storage.list({
      limit: Number.POSITIVE_INFINITY,
      onUnreadable: (document) => {
        unreadable.push({ document, title: '', createdAt: 0, updatedAt: 0, problem: UNREADABLE });
      },
    });
    readable.sort((a, b) => b.updatedAt - a.updatedAt);
    const all = [...unreadable, ...(await Promise.all(readable.map(summary)))];
    const shown: Summary[] = [];
    for (let i = 0; i < all.length && shown.length < MAX_LISTED; i += ASKED_AT_ONCE) {
      const some = all.slice(i, i + ASKED_AT_ONCE);
      const visible = await Promise.all(some.map(({ document }) => http.control.maySee(by, document)));
      shown.push(...some.filter((_, n) => visible[n]));
    }
    return c.json({ documents: shown.slice(0, MAX_LISTED) });
  });
  api.post(DOCUMENTS, async (c) => {
    const { document: name, title } = await jsonBody(c.req.raw, maxRequestBytes);
    const document = name === undefined ? randomUUID() : documentOf(name);
    await http.need(c, document, 'write');
    const info = await rooms.create(document, title === undefined ? undefined : titleOf(title));
    return c.json(await summary(info), 201);
  });

  api.get(`${DOCUMENTS}/:document`, async (c) => {
    const document = documentIn(c.req.url);
    await http.need(c, document, 'read');
    const info = await rooms.info(document);
    if (info === undefined) throw notFound();
    return c.json(await summary(info));
  });
  api.put(`${DOCUMENTS}/:document`, async (c) => {
    const document = documentIn(c.req.url);
    await http.need(c, document, 'write');
    const seed = seedOf(await jsonBody(c.req.raw, maxRequestBytes + BASE64 * maxImportBytes));
    const { created, info } = await rooms.seed(document, seed);
    return c.json({ ...(await summary(info)), created }, created ? 201 : 200);
  });
  api.patch(`${DOCUMENTS}/:document`, async (c) => {
    const document = documentIn(c.req.url);
    await http.need(c, document, 'write');
    const { title } = await jsonBody(c.req.raw, maxRequestBytes);
    return c.json(await summary(await rooms.setTitle(document, titleOf(title))));
  });
  api.delete(`${DOCUMENTS}/:document`, async (c) => {
    const document = documentIn(c.req.url);
    const actor = await http.need(c, document, 'admin');
    const force = c.req.query('force') === 'true';
    if (!(await files.deleteWith(document, () => rooms.delete(document, force)))) throw notFound();
    await http.control.forget(document, actor);
    return c.body(null, 204);
  });
  addContentRoutes(api, { rooms, http, files, logger, maxImportBytes });
  addFileRoutes(api, { rooms, http, files, maxFileBytes });
  addAccessRoutes(api, { http, maxRequestBytes });
  return api;

  async function summary({ document, title, createdAt, updatedAt, updatedBy }: DocumentInfo): Promise<Summary> {
    const by = updatedBy ?? (await rooms.writer(document));
    const known = { document, title, createdAt, updatedAt, ...(by !== undefined && { updatedBy: by }) };
    return rooms.isUnreadable(document) ? { ...known, problem: UNREADABLE } : known;
  }
}

/** Hono's own decoding of a path lets what is not percent-encoded UTF-8 through as it is. */
function documentIn(url: string): string {
  return documentOfPath(new URL(url).pathname.slice(DOCUMENTS.length + 1));
}

function documentOf(name: unknown): string {
  if (typeof name !== 'string') throw new ScriptoriumError('MALFORMED_REQUEST', 'document is not a string.');
  return checkDocumentName(name);
}

function notFound(): ScriptoriumError {
  return new ScriptoriumError('DOCUMENT_NOT_FOUND', 'There is no such document.');
}
