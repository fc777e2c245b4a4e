import { BASE_PATH } from './base-path.ts';
import { messages } from './language.ts';
import { ownToken } from './own-token.ts';

/** A document as the server lists it. Times are epoch ms. */
export interface DocumentInfo {
  readonly document: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who wrote in it last, where that is known. */
  readonly updatedBy?: string;
  /** Why it cannot be opened, such as `document-unreadable`. */
  readonly problem?: string;
}

/** What the server answered instead of what was asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** All documents that one may read, the one edited last first. Throws {@link ApiError}. */
export async function listDocuments(): Promise<DocumentInfo[]> {
  const body = await request('GET', '/api/documents', ownToken());
  const documents = isRecord(body) ? body['documents'] : undefined;
  if (!Array.isArray(documents)) throw unreadable();
  return documents.map(readInfo);
}

/** Makes an empty document. Throws {@link ApiError}. */
export async function createDocument(): Promise<DocumentInfo> {
  return readInfo(await request('POST', '/api/documents', ownToken(), {}));
}

/** What a document begins with. */
export interface Seed {
  readonly title: string;
  /** A Yjs V1 update. */
  readonly update: Uint8Array;
  /** The version of the schema that it was written with. */
  readonly schema: number;
}

/** Makes a document with something in it: the server puts it there once, also when it is asked twice. Throws {@link ApiError}. */
export async function seedDocument(document: string, { title, update, schema }: Seed): Promise<DocumentInfo> {
  const body = { title, update: base64Of(update), schema };
  return readInfo(await request('PUT', documentUrl(document), ownToken(), body));
}

/** The content of a document, as one Yjs V1 update. Throws {@link ApiError}. */
export async function readContent(document: string, token: string | undefined): Promise<Uint8Array> {
  const response = await ask('GET', `${documentUrl(document)}/update`, token);
  if (!response.ok) throw await refusal(response);
  return new Uint8Array(await response.arrayBuffer());
}

const FILE = /^\/api\/documents\/[^/]+\/files\/([0-9a-f]{64}\.\w+)$/;

/** The address that a file of a document has as one of another document; undefined when `url` is of no file. */
export function fileUrlIn(document: string, url: string): string | undefined {
  const [, name] = FILE.exec(url) ?? [];
  return name === undefined ? undefined : `${documentUrl(document)}/files/${name}`;
}

/** Whether a file is there, for this person. Throws {@link ApiError}. */
export async function hasFile(url: string): Promise<boolean> {
  const response = await ask('HEAD', url, ownToken());
  if (!response.ok && ![401, 403, 404].includes(response.status)) throw await refusal(response);
  return response.ok;
}

/** Stores a file of one document in another, too. Throws {@link ApiError}. */
export async function copyFile(url: string, document: string): Promise<void> {
  const response = await ask('GET', url, ownToken());
  if (!response.ok) throw await refusal(response);
  const stored = await ask('POST', `${documentUrl(document)}/files`, ownToken(), await response.blob());
  if (!stored.ok) throw await refusal(stored);
}

/** Deletes a document. Throws {@link ApiError}. */
export async function deleteDocument(document: string): Promise<void> {
  await request('DELETE', documentUrl(document), ownToken());
}

/** Throws {@link ApiError}, with status 404 when there is no such document. */
export async function getDocument(document: string, token: string | undefined): Promise<DocumentInfo> {
  return readInfo(await request('GET', documentUrl(document), token));
}

/** Gives a document another title; it is stored when this resolves. Throws {@link ApiError}. */
export async function renameDocument(
  document: string,
  title: string,
  token: string | undefined,
): Promise<DocumentInfo> {
  return readInfo(await request('PATCH', documentUrl(document), token, { title }));
}

/** The address of a document in the API. */
export function documentUrl(document: string): string {
  return `/api/documents/${encodeURIComponent(document)}`;
}

/** Asks the API and answers with what it says. Throws {@link ApiError}. */
export async function request(
  method: string,
  url: string,
  token: string | undefined,
  body?: unknown,
): Promise<unknown> {
  const response = await ask(method, url, token, body);
  if (!response.ok) throw await refusal(response);
  return response.json().catch(() => undefined);
}

/** Browsers send no more than this after a page was closed. */
const MAX_KEPT_ALIVE = 60_000;

async function ask(method: string, url: string, token: string | undefined, body?: unknown): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const init: RequestInit = { method, headers, cache: 'no-store' };
  if (body instanceof Blob) init.body = body;
  else if (body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(body);
    // A title typed just before the page is closed still goes out.
    init.keepalive = init.body.length <= MAX_KEPT_ALIVE;
  }
  try {
    return await fetch(BASE_PATH + url, init);
  } catch (cause) {
    throw new ApiError(0, messages().common.unreachable, { cause });
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const answer: unknown = await response.json().catch(() => undefined);
  const error = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : {};
  const message =
    typeof error['message'] === 'string'
      ? error['message']
      : messages().common.serverAnswered({ status: String(response.status) });
  return new ApiError(response.status, message);
}

/** In pieces: a function takes only so many arguments. */
function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

function readInfo(value: unknown): DocumentInfo {
  if (!isRecord(value)) throw unreadable();
  const { document, title, createdAt, updatedAt, updatedBy, problem } = value;
  if (typeof document !== 'string' || typeof title !== 'string') throw unreadable();
  if (typeof createdAt !== 'number' || typeof updatedAt !== 'number') throw unreadable();
  return {
    ...{ document, title, createdAt, updatedAt },
    ...(typeof updatedBy === 'string' && { updatedBy }),
    ...(typeof problem === 'string' && { problem }),
  };
}

/** The server answered, but not with what the API says. */
export function unreadable(): ApiError {
  return new ApiError(200, 'The server answered something else than was asked for.');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
