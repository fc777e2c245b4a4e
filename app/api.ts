import { ownToken } from './own-token.ts';

/** A document as the server lists it. Times are epoch ms. */
export interface DocumentInfo {
  readonly document: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
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
  const headers = new Headers({ accept: 'application/json' });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const init: RequestInit = { method, headers, cache: 'no-store' };
  if (body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(body);
    // A title typed just before the page is closed still goes out.
    init.keepalive = true;
  }
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    throw new ApiError(0, 'The server cannot be reached.', { cause });
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const error = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : {};
  const message = typeof error['message'] === 'string' ? error['message'] : `The server answered ${response.status}.`;
  throw new ApiError(response.status, message);
}

function readInfo(value: unknown): DocumentInfo {
  if (!isRecord(value)) throw unreadable();
  const { document, title, createdAt, updatedAt } = value;
  if (typeof document !== 'string' || typeof title !== 'string') throw unreadable();
  if (typeof createdAt !== 'number' || typeof updatedAt !== 'number') throw unreadable();
  return { document, title, createdAt, updatedAt };
}

/** The server answered, but not with what the API says. */
export function unreadable(): ApiError {
  return new ApiError(200, 'The server answered something else than was asked for.');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
