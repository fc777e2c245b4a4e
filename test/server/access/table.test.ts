import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  ACCESSES,
  type Access,
  type ClientMessage,
  decodeAwareness,
  encodeAwareness,
  type ServerMessage,
} from '../../../protocol/index.ts';
import { RawAddressed } from '../../support/raw-addressed.ts';
import { isDenial, RawClient, type Way } from '../../support/raw-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { SECRET, tokenFor } from '../../support/tokens.ts';

// Every kind of message, for every access, over every way in: what becomes of it, and that the stored document is as it
// was where it has to be.

const ALL_WAYS: readonly Way[] = ['stock', 'hello'];

/**
 * `closed`: told why, and closed with 4403. `refused`: told that it may only read. `taken`: stored and relayed.
 * `answered`: by a message of that type. `relayed`: the others see it. `quiet`: nothing comes of it.
 */
type Outcome = 'closed' | 'refused' | 'taken' | 'answered' | 'relayed' | 'quiet';
type Outcomes = Readonly<Record<Access, Outcome>>;

const EMPTY = Uint8Array.of(0, 0);
const NOTHING = Uint8Array.of(0);
const PRESENCE = { clientId: 77, clock: 1, state: '{"name":"Someone"}' };

const stored = new Y.Doc();
stored.clientID = 1;
stored.getText().insert(0, 'what is there');
const KNOWN = Y.encodeStateAsUpdate(stored);

/** The update that a change to what is stored makes, as another client. */
function changeOf(clientID: number, change: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, KNOWN);
  doc.clientID = clientID;
  let update: Uint8Array = EMPTY;
  doc.on('update', (made: Uint8Array) => {
    update = made;
  });
  change(doc);
  return update;
}

const NEWS = changeOf(2, (doc) => doc.getText().insert(0, 'news'));
const DELETION = changeOf(3, (doc) => doc.getText().delete(0, 4));
/** Its beginning is missing: Yjs keeps it until that comes. */
const DANGLING = changeOf(4, (doc) => {
  doc.getText().insert(0, 'never sent');
  doc.getText().insert(5, 'later');
});

const always = (outcome: Outcome): Outcomes => ({
  none: 'closed',
  read: outcome,
  comment: outcome,
  write: outcome,
  admin: outcome,
});
const EDIT: Outcomes = { none: 'closed', read: 'refused', comment: 'refused', write: 'taken', admin: 'taken' };

interface Row {
  readonly kind: string;
  readonly message: ClientMessage | ((token: string) => ClientMessage);
  readonly outcomes: Outcomes;
  /** The type of the message that answers it. */
  readonly answer?: ServerMessage['type'];
}

const ROWS: readonly Row[] = [
  {
    kind: 'a sync step 1',
    message: { type: 'sync-step-1', stateVector: NOTHING },
    outcomes: always('answered'),
    answer: 'sync-step-2',
  },
  { kind: 'an empty sync step 2', message: { type: 'sync-step-2', update: EMPTY }, outcomes: always('quiet') },
  { kind: 'a known sync step 2', message: { type: 'sync-step-2', update: KNOWN }, outcomes: always('quiet') },
  { kind: 'a sync step 2 with news', message: { type: 'sync-step-2', update: NEWS }, outcomes: EDIT },
  { kind: 'an empty update', message: { type: 'update', update: EMPTY }, outcomes: always('quiet') },
  { kind: 'a known update', message: { type: 'update', update: KNOWN }, outcomes: always('quiet') },
  { kind: 'an update with news', message: { type: 'update', update: NEWS }, outcomes: EDIT },
  { kind: 'an update that deletes', message: { type: 'update', update: DELETION }, outcomes: EDIT },
  { kind: 'an update that waits for another', message: { type: 'update', update: DANGLING }, outcomes: EDIT },
  {
    kind: 'awareness',
    message: { type: 'awareness', update: encodeAwareness([PRESENCE]) },
    outcomes: always('relayed'),
  },
  {
    kind: 'a query of awareness',
    message: { type: 'query-awareness' },
    outcomes: always('answered'),
    answer: 'awareness',
  },
  {
    kind: 'a sync status',
    message: { type: 'sync-status', payload: Uint8Array.of(1) },
    outcomes: always('answered'),
    answer: 'sync-status',
  },
  { kind: 'a new token', message: (token) => ({ type: 'token', token }), outcomes: always('quiet') },
];

const SAVED = Uint8Array.of(9);

let server: TestServer;
let folder = '';
let admin = '';
let documents = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scriptorium-'));
  server = await startServer(folder, 0, {}, { tokens: { secret: SECRET } });
  admin = await tokenFor('root', { admin: true });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const pathOf = (document: string): string => `/api/documents/${encodeURIComponent(document)}`;

function call(method: string, path: string, token?: string, body?: Uint8Array | object): Promise<Response> {
  return fetch(server.httpUrl + path, {
    method,
    ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
    ...(body !== undefined && { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
  });
}

/** A document that is stored, and a token that gives this access to it. */
async function documentFor(access: Access): Promise<{ document: string; token: string }> {
  const document = `row/${++documents}`;
  expect((await call('POST', `${pathOf(document)}/update`, admin, KNOWN)).status).toBe(204);
  return { document, token: await tokenFor('someone', { documents: { [document]: access } }) };
}

/** Everything that the server has of a document. */
async function contentOf(document: string): Promise<string> {
  const about = await call('GET', pathOf(document), admin);
  if (about.status === 404) return 'gone';
  const update = await call('GET', `${pathOf(document)}/update`, admin);
  return `${JSON.stringify(await about.json())} ${Buffer.from(await update.arrayBuffer()).toString('hex')}`;
}

describe.each(ALL_WAYS)('over a WebSocket as a %s client', (way) => {
  const cases = ROWS.flatMap((row) => ACCESSES.map((access) => ({ ...row, access, outcome: row.outcomes[access] })));

  test.each(cases)('$kind of somebody with $access is $outcome', async ({ message, access, outcome, answer }) => {
    const { document, token } = await documentFor(access);
    const before = await contentOf(document);
    const observer = await RawClient.connect('hello', server.syncUrl, document, admin);
    observer.send({ type: 'sync-step-1', stateVector: NOTHING });
    await observer.settle();
    observer.received.length = 0;
    const client = await RawClient.connect(way, server.syncUrl, document, token);
    if (outcome === 'closed') {
      client.send(typeof message === 'function' ? message(token) : message);
      expect(await client.closed).toEqual({ code: 4403, reason: 'forbidden' });
      expect(client.received.map((told) => isDenial(way, 'forbidden', told))).toEqual([true]);
    } else {
      client.send(typeof message === 'function' ? message(token) : message);
      client.send({ type: 'sync-status', payload: SAVED });
      await client.settle();
      const denials = () => client.received.filter((told) => isDenial(way, 'read-only', told));
      const saved = () => client.received.some((told) => told.type === 'sync-status' && told.payload[0] === SAVED[0]);
      // What was refused is never called saved.
      if (outcome === 'refused') expect([denials().length, saved()]).toEqual([1, false]);
      else {
        await expect.poll(saved).toBe(true);
        expect(denials()).toEqual([]);
      }
      if (answer) expect(client.count(answer)).toBeGreaterThan(0);
    }
    const seen = (): unknown[] =>
      observer.received.flatMap((told) => (told.type === 'awareness' ? decodeAwareness(told.update) : []));
    if (outcome === 'taken') await expect.poll(() => observer.count('update')).toBe(1);
    if (outcome === 'relayed') await expect.poll(seen).toContainEqual(PRESENCE);
    await observer.settle();
    if (outcome !== 'taken') expect(observer.count('update')).toBe(0);
    if (outcome === 'closed') expect(seen()).toEqual([]);
    expect((await contentOf(document)) === before).toBe(outcome !== 'taken');
  });

  test.each([
    ['no token', async () => undefined],
    ['something that is no token', async () => 'nonsense'],
    ['a token of another issuer', () => tokenFor('root', { admin: true }, `${SECRET}!`)],
    ['a token that is over', () => tokenFor('root', { admin: true, expiresIn: -60 })],
  ])('with %s nobody gets in, and is not told what is wrong in the token', async (_, make) => {
    const { document } = await documentFor('admin');
    const token = await make();
    const client = await RawClient.connect(way, server.syncUrl, document, token);
    client.send({ type: 'sync-step-1', stateVector: NOTHING });
    expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' });
    expect(client.received.map((told) => isDenial(way, 'unauthorized', told))).toEqual([true]);
    if (token) expect(JSON.stringify(client.received)).not.toContain(token);
  });
});

describe('over a WebSocket with many documents', () => {
  const SPOKEN = ROWS.flatMap(({ kind, message, outcomes, answer }) => {
    if (typeof message === 'function' || message.type === 'hello' || message.type === 'token') return [];
    return message.type === 'sync-status' ? [] : [{ kind, message, outcomes, answer }];
  });
  const STATELESS = {
    kind: 'a stateless message',
    message: { type: 'stateless', payload: 'said' },
    outcomes: always('answered'),
    answer: 'stateless',
  } as const;
  const cases = [...SPOKEN, STATELESS].flatMap((row) =>
    ACCESSES.map((access) => ({ ...row, access, outcome: row.outcomes[access] })),
  );

  test.each(cases)('$kind of somebody with $access is $outcome', async ({ message, access, outcome, answer }) => {
    const { document, token } = await documentFor(access);
    const before = await contentOf(document);
    const observer = await RawClient.connect('hello', server.syncUrl, document, admin);
    observer.send({ type: 'sync-step-1', stateVector: NOTHING });
    await observer.settle();
    observer.received.length = 0;
    const client = await RawAddressed.connect(server.httpUrl);
    client.say('healthy', { type: 'token', token: admin });
    client.say(document, { type: 'token', token });
    client.say(document, message);
    const isEdit = message.type === 'update' || message.type === 'sync-step-2';
    if (outcome === 'closed') {
      await expect.poll(() => client.heard(document)).toEqual(['permission-denied']);
    } else {
      const scope = access === 'write' || access === 'admin' ? 'read-write' : 'readonly';
      await expect.poll(() => client.heard(document)[0]).toBe('authenticated');
      expect(client.received.find((told) => told.address === document)?.message).toMatchObject({ scope });
      // What was refused is never called saved.
      if (isEdit) await expect.poll(() => client.statuses(document)).toEqual([outcome !== 'refused']);
      if (answer) await expect.poll(() => client.heard(document)).toContain(answer);
    }
    const seen = (): unknown[] =>
      observer.received.flatMap((told) => (told.type === 'awareness' ? decodeAwareness(told.update) : []));
    if (outcome === 'taken') await expect.poll(() => observer.count('update')).toBe(1);
    if (outcome === 'relayed') await expect.poll(seen).toContainEqual(PRESENCE);
    await observer.settle();
    if (outcome !== 'taken') expect(observer.count('update')).toBe(0);
    if (outcome === 'closed') expect([seen(), observer.count('event')]).toEqual([[], 0]);
    if (answer === 'stateless' && outcome === 'answered') expect(observer.count('event')).toBe(1);
    expect((await contentOf(document)) === before).toBe(outcome !== 'taken');
    // The connection, with what else is on it, stays.
    await client.settle();
    expect(client.heard('healthy')).toContain('authenticated');
  });

  test.each([
    ['no token', async () => ''],
    ['something that is no token', async () => 'nonsense'],
    ['a token of another issuer', () => tokenFor('root', { admin: true }, `${SECRET}!`)],
    ['a token that is over', () => tokenFor('root', { admin: true, expiresIn: -60 })],
  ])('with %s nobody gets in, and is not told what is wrong in the token', async (_, make) => {
    const { document } = await documentFor('admin');
    const token = await make();
    const client = await RawAddressed.connect(server.httpUrl);
    client.say(document, { type: 'token', token });
    client.say(document, { type: 'sync-step-1', stateVector: NOTHING });
    await expect.poll(() => client.heard(document)).toEqual(['permission-denied']);
    if (token) expect(JSON.stringify(client.received)).not.toContain(token);
  });
});

interface Request {
  readonly request: string;
  readonly body?: Uint8Array | object;
  /** The least access that may do it. */
  readonly needs: Access;
  /** The status for those who may. */
  readonly status: number;
  readonly changes?: boolean;
}

const LINKS = ':document/links';

/** `:document` stands for the path of the document. */
const REQUESTS: readonly Request[] = [
  { request: 'GET :document', needs: 'read', status: 200 },
  { request: 'PATCH :document', body: { title: 'Other' }, needs: 'write', status: 200, changes: true },
  { request: 'DELETE :document', needs: 'admin', status: 204, changes: true },
  { request: 'GET :document/update', needs: 'read', status: 200 },
  { request: 'POST :document/update', body: NEWS, needs: 'write', status: 204, changes: true },
  { request: 'GET :document/access', needs: 'admin', status: 200 },
  { request: 'PUT :document/access', body: { user: 'ben', access: 'read' }, needs: 'admin', status: 204 },
  { request: `GET ${LINKS}`, needs: 'admin', status: 200 },
  { request: `POST ${LINKS}`, body: { access: 'read' }, needs: 'admin', status: 201 },
  { request: `DELETE ${LINKS}/none`, needs: 'admin', status: 404 },
];

describe('over HTTP', () => {
  const cases = REQUESTS.flatMap((row) => ACCESSES.map((access) => ({ ...row, access })));

  test.each(cases)('$request by somebody with $access', async ({ request, body, needs, status, changes, access }) => {
    const { document, token } = await documentFor(access);
    const before = await contentOf(document);
    const [method = '', path = ''] = request.split(' ');
    const response = await call(method, path.replace(':document', pathOf(document)), token, body);
    const may = ACCESSES.indexOf(access) >= ACCESSES.indexOf(needs);
    expect(response.status).toBe(may ? status : 403);
    if (!may) expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } });
    expect((await contentOf(document)) === before).toBe(!(may && changes));
  });

  test.each(ACCESSES)('a document can be made by somebody with %s when that may write', async (access) => {
    const document = `made/${++documents}`;
    const token = await tokenFor('someone', { documents: { 'made/*': access } });
    const response = await call('POST', '/api/documents', token, { document });
    const may = access === 'write' || access === 'admin';
    expect(response.status).toBe(may ? 201 : 403);
    expect((await call('GET', pathOf(document), admin)).status).toBe(may ? 200 : 404);
    // One that gets a random name needs a token for any name.
    expect((await call('POST', '/api/documents', token, {})).status).toBe(403);
  });

  test.each(ACCESSES)('a document of somebody with %s is in their list when they may read it', async (access) => {
    const { document, token } = await documentFor(access);
    const response = await call('GET', '/api/documents', token);
    const { documents: listed } = (await response.json()) as { documents: { document: string }[] };
    expect(listed.map((info) => info.document)).toEqual(access === 'none' ? [] : [document]);
  });

  test.each([
    ['GET', '/api/backup', undefined],
    ['POST', '/api/revocations', { user: 'nobody' }],
  ])('%s %s is for administrators of the server alone', async (method, path, body) => {
    const everything = await tokenFor('someone', { documents: { '*': 'admin' } });
    expect((await call(method, path, everything, body)).status).toBe(403);
    const response = await call(method, path, admin, body);
    expect(response.ok).toBe(true);
    await response.arrayBuffer();
  });

  test.each([
    ...REQUESTS.map(({ request }) => request),
    'GET /api/documents',
    'POST /api/documents',
    'GET /api/backup',
  ])('%s without a token, or with a bad one, is 401 and changes nothing', async (request) => {
    const { document } = await documentFor('admin');
    const before = await contentOf(document);
    const [method = '', path = ''] = request.split(' ');
    for (const token of [undefined, 'nonsense', await tokenFor('root', { admin: true, expiresIn: -60 })]) {
      const response = await call(
        method,
        path.replace(':document', pathOf(document)),
        token,
        method === 'GET' ? undefined : {},
      );
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
    }
    expect(await contentOf(document)).toBe(before);
  });

  test('a token may come in the query too', async () => {
    const { document, token } = await documentFor('read');
    expect((await call('GET', `${pathOf(document)}?token=${token}`)).status).toBe(200);
  });

  test('health and readiness are for everybody', async () => {
    expect((await call('GET', '/health')).status).toBe(200);
    expect((await call('GET', '/ready')).status).toBe(200);
  });
});
