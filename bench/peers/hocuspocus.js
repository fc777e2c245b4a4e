// Hocuspocus as its documentation sets it up, with everything at its default, and LevelDB behind its database extension.
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';
import { Level } from 'level';

const db = new Level(process.argv[2], { valueEncoding: 'buffer' });
await db.open();

const server = new Server({
  address: '127.0.0.1',
  port: 0,
  quiet: true,
  extensions: [
    new Database({
      fetch: async ({ documentName }) => (await db.get(documentName)) ?? null,
      store: ({ documentName, state }) => db.put(documentName, state),
    }),
  ],
});
await server.listen();
console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address.port}` }));
