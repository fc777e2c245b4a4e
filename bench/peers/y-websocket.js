// The server that y-websocket 2 brings, as its `bin/server.cjs` wires it. With the folder of a LevelDB in YPERSISTENCE it
// stores documents with y-leveldb, else it keeps them in memory. It is CommonJS throughout: one copy of Yjs.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const utils = require.resolve('y-websocket/bin/utils');
const { setupWSConnection } = require(utils);
// The `ws` that y-websocket depends on, not ours.
const WebSocket = createRequire(utils)('ws');

const webSockets = new WebSocket.Server({ noServer: true });
webSockets.on('connection', setupWSConnection);
const server = createServer();
server.on('upgrade', (request, socket, head) => {
  webSockets.handleUpgrade(request, socket, head, (peer) => webSockets.emit('connection', peer, request));
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
});
process.on('SIGTERM', () => process.exit());
