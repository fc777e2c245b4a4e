// Scriptorium behind a reverse proxy, twice: at /docs of a proxy that passes the path on, and at /stripped of one that
// takes it off. Documents live as long as this process.
import { createServer as createHttpServer } from 'node:http';
import { createProxyServer } from 'http-proxy-3';
import { createServer } from 'scriptorium/server';

const options = { trustProxy: ['loopback'] }; // whom the proxy speaks for is believed
const whole = createServer({ ...options, basePath: '/docs' });
const stripped = createServer(options);
const places = [
  { prefix: '/docs', keep: true, target: (await whole.listen({ port: 0 })).url },
  { prefix: '/stripped', keep: false, target: (await stripped.listen({ port: 0 })).url },
];

const proxy = createProxyServer({ xfwd: true });
/** Where a request goes, with the path that it has there. */
const route = (request) => {
  const place = places.find(({ prefix }) => request.url.startsWith(`${prefix}/`));
  if (place && !place.keep) request.url = request.url.slice(place.prefix.length);
  return place?.target;
};
proxy.on('error', (_error, _request, response) => response.destroy());
const server = createHttpServer((request, response) => {
  request.headers['x-forwarded-host'] = request.headers.host;
  const target = route(request);
  if (target) proxy.web(request, response, { target });
  else response.end('The product');
});
server.on('upgrade', (request, socket, head) => {
  request.headers['x-forwarded-host'] = request.headers.host;
  const target = route(request);
  if (target) proxy.ws(request, socket, head, { target: target.replace('http', 'ws') });
  else socket.destroy();
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
process.once('SIGTERM', async () => {
  await Promise.all([whole.close(), stripped.close()]);
  server.close();
});
