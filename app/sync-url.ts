import { BASE_PATH } from './base-path.ts';

/** Where the server synchronises. */
export const SYNC_URL = `${BASE_PATH}/sync`;
