import { randomUUID } from 'node:crypto';
import pLimit, { type LimitFunction } from 'p-limit';
import * as Y from 'yjs';
import type { Storage } from '../persistence/index.ts';
import { decodeForeignUpdate, ScriptoriumError } from '../protocol/index.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import { type Seed, titleOf } from './seed.ts';

/**
 * Asked for a document that the store does not have, when somebody opens it: what it begins with, or nothing, which
 * means that it is new. `signal` is aborted when the answer would come too late.
 */
export type LoadDocument = (
  document: string,
  options: { readonly signal: AbortSignal },
) => LoadedDocument | Promise<LoadedDocument>;

/** A Yjs V1 update, a `Y.Doc`, or an update with a title and the version of its schema. */
export type LoadedDocument = Uint8Array | Y.Doc | Seed | null | undefined;

/** Bounds of loading; defaults in options.ts. */
export interface LoadLimits {
  /** How long `loadDocument` may take, in milliseconds. */
  readonly loadTimeoutMs: number;
}

/** What loading needs from its surroundings. */
export interface LoaderContext {
  readonly load: LoadDocument;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly limits: LoadLimits;
  readonly logger: Logger;
}

/** For so many documents it is asked at once; others wait for their turn. */
const LOADS_AT_ONCE = 20;

/** Documents that come from elsewhere when they are first opened. */
export class DocumentLoader {
  readonly #context: LoaderContext;
  readonly #turns: LimitFunction = pLimit(LOADS_AT_ONCE);
  readonly #asked = new Set<AbortController>();
  #stopped: ScriptoriumError | undefined;

  constructor(context: LoaderContext) {
    this.#context = context;
  }

  /**
   * Stores what the document begins with, in one commit. False when there is nothing: then it is a new one.
   * @throws ScriptoriumError LOAD_FAILED when that could not be found out; STORE_UNAVAILABLE
   */
  async load(document: string): Promise<boolean> {
    const seed = await this.#turns(() => this.#ask(document));
    if (seed === undefined) return false;
    const { title, update, schema } = seed;
    const at = this.#context.clock.now();
    // One that exists elsewhere and is empty is stored too, and not asked for again.
    const entries = update === undefined ? [] : [{ at, update, ...(schema !== undefined && { schema }) }];
    await this.#context.storage.create(document, {
      epoch: randomUUID(),
      at,
      entries,
      ...(title !== undefined && { title }),
    });
    this.#context.logger.info({ document, bytes: update?.length ?? 0 }, 'a document was loaded');
    return true;
  }

  /** Waits for no answer any more. */
  stop(error: ScriptoriumError): void {
    this.#stopped = error;
    for (const asked of this.#asked) asked.abort(error);
  }

  async #ask(document: string): Promise<Seed | undefined> {
    if (this.#stopped) throw this.#stopped;
    const { load, clock, limits, logger } = this.#context;
    const asked = new AbortController();
    const { signal } = asked;
    this.#asked.add(asked);
    const cancel = clock.after(limits.loadTimeoutMs, () => {
      asked.abort(new Error(`no answer within ${limits.loadTimeoutMs} ms`));
    });
    try {
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      // Called in a promise: it may throw before it answers with one.
      const called = new Promise((resolve) => resolve(load(document, { signal })));
      return read(await Promise.race([called, aborted]));
    } catch (cause) {
      if (this.#stopped) throw this.#stopped;
      logger.error({ document, err: cause }, 'a document could not be loaded; it is refused');
      const message = `The document ${JSON.stringify(document)} could not be loaded.`;
      throw new ScriptoriumError('LOAD_FAILED', message, { cause });
    } finally {
      cancel();
      this.#asked.delete(asked);
    }
  }
}

function read(answer: unknown): Seed | undefined {
  if (answer === undefined || answer === null) return undefined;
  if (answer instanceof Uint8Array) return withUpdate(answer);
  if (answer instanceof Y.Doc) return withUpdate(Y.encodeStateAsUpdate(answer));
  if (typeof answer !== 'object') throw new TypeError(`loadDocument answered with a ${typeof answer}`);
  const { title, update, schema } = answer as { [key in keyof Seed]?: unknown };
  if (title === undefined && update === undefined) {
    throw new TypeError('loadDocument answered with neither an update, nor a Y.Doc of this copy of Yjs, nor a title');
  }
  if (update !== undefined && !(update instanceof Uint8Array)) throw new TypeError('the update is no Uint8Array');
  if (schema !== undefined && (typeof schema !== 'number' || !Number.isSafeInteger(schema) || schema < 1)) {
    throw new TypeError('the schema is not a whole number from 1');
  }
  return {
    ...(update !== undefined && withUpdate(update)),
    ...(title !== undefined && { title: titleOf(title) }),
    ...(schema !== undefined && { schema }),
  };
}

/** @throws ScriptoriumError MALFORMED_UPDATE */
function withUpdate(bytes: Uint8Array): Seed {
  // In a buffer of its own: Yjs reads lengths without checking them.
  const update = Uint8Array.from(bytes);
  const { inserted, deleted } = decodeForeignUpdate(update);
  return inserted.length + deleted.length > 0 ? { update } : {};
}
