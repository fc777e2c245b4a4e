/** Where the server synchronises. */
export const SYNC_URL = '/sync';
