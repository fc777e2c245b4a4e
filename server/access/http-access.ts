import type { Context, Hono } from 'hono';
import { type Access, isAccess, ScriptoriumError } from '../../protocol/index.ts';
import { documentOfPath } from '../document-path.ts';
import { jsonBody } from '../request-body.ts';
import type { Actor } from './access-control.ts';
import type { ShareLink, Target } from './access-state.ts';
import { type HttpAccess, segmentOf } from './http-guard.ts';

/** What these routes need from their surroundings. */
export interface AccessRoutesContext {
  readonly http: HttpAccess;
  readonly maxRequestBytes: number;
}

/** What a link may give: nobody becomes an administrator by a link. */
const LINK_ACCESSES: readonly Access[] = ['read', 'comment', 'write'];
const MAX_EXPIRES_IN_SECONDS = 10 * 365 * 24 * 3600;
const MAX_USER_LENGTH = 512;
const DOCUMENT = '/api/documents/:document';

/**
 * Who may do what with a document, over HTTP:
 *
 *     GET    /api/documents/:document/access      what was set for users, and what anybody may do
 *     PUT    /api/documents/:document/access      {user, access}; access null takes it back
 *     GET    /api/documents/:document/links       the share links
 *     POST   /api/documents/:document/links       {access, expiresIn?}
 *     DELETE /api/documents/:document/links/:id
 *     POST   /api/revocations                     {user?, document?}
 */
export function addAccessRoutes(api: Hono, { http, maxRequestBytes }: AccessRoutesContext): void {
  const { control } = http;

  api.get(`${DOCUMENT}/access`, async (c) => {
    const { document } = await administrator(c);
    const users = control.overrides(document).map(({ user, access }) => ({ user, access }));
    return c.json({ users, anybody: await control.anybody(document) });
  });
  api.put(`${DOCUMENT}/access`, async (c) => {
    const { document, actor } = await administrator(c);
    const { user, access } = await jsonBody(c.req.raw, maxRequestBytes);
    if (access !== null && !isAccess(access))
      throw malformed('access is none of none, read, comment, write and admin.');
    await control.setAccess(document, userIn(user), access, actor);
    return c.body(null, 204);
  });

  api.get(`${DOCUMENT}/links`, async (c) => {
    const { document } = await administrator(c);
    return c.json({ links: (await control.links(document)).map(shown) });
  });
  api.post(`${DOCUMENT}/links`, async (c) => {
    const { document, actor } = await administrator(c);
    const { access, expiresIn } = await jsonBody(c.req.raw, maxRequestBytes);
    if (!isAccess(access) || !LINK_ACCESSES.includes(access)) {
      throw malformed(`access is none of ${LINK_ACCESSES.join(', ')}.`);
    }
    const made = await control.makeLink({ document, access, expiresIn: secondsIn(expiresIn) }, actor);
    return c.json(shown(made), 201);
  });
  api.delete(`${DOCUMENT}/links/:id`, async (c) => {
    const { document, actor } = await administrator(c);
    const existed = await control.revokeLink(document, segmentOf(c, 5), actor);
    if (!existed) throw new ScriptoriumError('NOT_FOUND', 'There is no such link.');
    return c.body(null, 204);
  });

  api.post('/api/revocations', async (c) => {
    const actor = await http.serverAdmin(c);
    const { user, document } = await jsonBody(c.req.raw, maxRequestBytes);
    if (user === undefined && document === undefined) throw malformed('There is neither a user nor a document.');
    const target: Target = {
      ...(user !== undefined && { user: userIn(user) }),
      ...(document !== undefined && { document: documentOfPath(encodeURIComponent(String(document))) }),
    };
    await control.revoke(target, actor);
    return c.body(null, 204);
  });

  async function administrator(c: Context): Promise<{ document: string; actor: Actor }> {
    const document = documentOfPath(segmentOf(c, 3));
    return { document, actor: await http.need(c, document, 'admin') };
  }
}

function shown({ link, token }: { link: ShareLink; token: string }) {
  const { id, access, createdAt, createdBy, expiresAt } = link;
  return { id, access, createdAt, createdBy, ...(expiresAt !== undefined && { expiresAt }), token };
}

function userIn(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= MAX_USER_LENGTH) return value;
  throw malformed(`user is no id of 1 to ${MAX_USER_LENGTH} characters.`);
}

function secondsIn(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 1 && value <= MAX_EXPIRES_IN_SECONDS) return value;
  throw malformed(`expiresIn is no number of seconds from 1 to ${MAX_EXPIRES_IN_SECONDS}.`);
}

function malformed(message: string): ScriptoriumError {
  return new ScriptoriumError('MALFORMED_REQUEST', message);
}
