// The room relay of every tutorial, on `ws`: whatever one peer of a room says is sent to all the others, and forgotten.
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

const rooms = new Map();
const server = createServer();
const webSockets = new WebSocketServer({ server, perMessageDeflate: false });

webSockets.on('connection', (peer, { url }) => {
  const room = rooms.get(url) ?? new Set();
  rooms.set(url, room.add(peer));
  peer.on('message', (data, binary) => {
    for (const other of room) {
      if (other !== peer && other.readyState === WebSocket.OPEN) other.send(data, { binary });
    }
  });
  peer.on('error', () => {});
  peer.on('close', () => {
    room.delete(peer);
    if (room.size === 0) rooms.delete(url);
  });
});

server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
});
process.on('SIGTERM', () => process.exit());
