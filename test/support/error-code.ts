import { type ErrorCode, ScriptoriumError } from '../../protocol/index.ts';

/** The code of the ScriptoriumError that this throws; undefined when it throws nothing. Any other error goes through. */
export function errorCode(run: () => unknown): ErrorCode | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof ScriptoriumError) return error.code;
    throw error;
  }
  return undefined;
}

/** The ScriptoriumError that this rejects with; undefined when it resolves. Any other error goes through. */
export async function rejection(work: Promise<unknown>): Promise<ScriptoriumError | undefined> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ScriptoriumError) return error;
    throw error;
  }
  return undefined;
}
