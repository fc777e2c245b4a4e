import { ScriptoriumError } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';

/** What calling the functions of the host needs. */
export interface HookContext {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long one of them may take, in milliseconds. */
  readonly hookTimeoutMs: number;
}

/**
 * Calls a function that the host product passed in, which may throw, never answer, or answer with nonsense (`read`
 * throws then). The log has the cause, without the token; whoever waits for the answer is told that it is not known.
 * @throws ScriptoriumError ACCESS_UNKNOWN; or what the function threw, when that is one already
 */
export async function callHook<T>(
  { clock, logger, hookTimeoutMs }: HookContext,
  name: string,
  call: () => unknown,
  read: (answer: unknown) => T,
  token?: string,
): Promise<T> {
  let cancel = (): void => {};
  const timeout = new Promise<never>((_, reject) => {
    cancel = clock.after(hookTimeoutMs, () => reject(new Error(`no answer within ${hookTimeoutMs} ms`)));
  });
  try {
    // Called in a promise: it may throw before it answers with one.
    return read(await Promise.race([new Promise((resolve) => resolve(call())), timeout]));
  } catch (cause) {
    if (cause instanceof ScriptoriumError) throw cause;
    logger.error({ hook: name, cause: withoutToken(cause, token) }, 'a function of the host failed');
    throw new ScriptoriumError('ACCESS_UNKNOWN', `The function ${name} failed.`);
  } finally {
    cancel();
  }
}

function withoutToken(thrown: unknown, token: string | undefined): string {
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : describe(thrown);
  return token === undefined || token === '' ? text : text.replaceAll(token, '[token]');
}

/** Anything may be thrown, also what can't be made into text. */
function describe(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return typeof thrown;
  }
}
