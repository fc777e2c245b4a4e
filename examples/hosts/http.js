// Scriptorium on a server of Node's own. Documents live as long as this process.
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'scriptorium/server';

const scriptorium = createServer({ basePath: '/scriptorium' });
const server = createHttpServer((request, response) => {
  // What is not under /scriptorium comes to the function.
  scriptorium.handler(request, response, () => response.end('The product'));
});
await scriptorium.attach(server); // WebSockets at /scriptorium/sync/<document>

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
process.once('SIGTERM', () => scriptorium.close().then(() => server.close()));
