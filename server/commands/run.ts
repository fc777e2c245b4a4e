import { ScriptoriumError } from '../../protocol/index.ts';

/** The exit code of a command that could not do what it was told. 1 is for what it found: see `check`. */
const FAILED = 2;

/**
 * An action for commander: what it resolves with is the exit code, and an error is one line on standard error.
 * `ifLocked` says what to do when another process has the store.
 */
export function action<A extends unknown[]>(run: (...args: A) => Promise<number>, ifLocked: string) {
  return async (...args: A): Promise<void> => {
    try {
      process.exitCode = await run(...args);
    } catch (error) {
      const locked = error instanceof ScriptoriumError && error.code === 'STORE_LOCKED';
      console.error(`scriptorium: ${explain(error)}${locked ? ` ${ifLocked}` : ''}`);
      process.exitCode = FAILED;
    }
  };
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  switch ('code' in error ? error.code : undefined) {
    case 'ENOENT':
      return `there is no such file: ${pathOf(error)}`;
    case 'EEXIST':
      return `there is a file already: ${pathOf(error)}. It is left as it is; choose another name.`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not do that: ${error.message}`;
    case 'ENOSPC':
      return `there is no room left on the disk: ${error.message}`;
    default:
      return error.message;
  }
}

function pathOf(error: Error): string {
  return 'path' in error && typeof error.path === 'string' ? error.path : error.message;
}
