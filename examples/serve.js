// Serves the examples that need no bundler, with a Scriptorium whose documents live as long as this process.
import { createServer as createHttpServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createServer } from 'scriptorium/server';
import sirv from 'sirv';

const port = Number(process.env.PORT ?? 3000);
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'";

const examples = sirv(fileURLToPath(new URL('.', import.meta.url)), { dev: true });
const standalone = sirv(fileURLToPath(new URL('../dist/standalone', import.meta.url)), { dev: true });

const server = createHttpServer((request, response) => {
  const path = request.url ?? '/';
  if (path.startsWith('/csp/')) response.setHeader('Content-Security-Policy', CSP);
  const nothing = () => response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
  if (path.startsWith('/scriptorium/')) {
    request.url = path.slice('/scriptorium'.length);
    standalone(request, response, nothing);
  } else {
    examples(request, response, nothing);
  }
});
const scriptorium = createServer(); // documents in memory
await scriptorium.attach(server); // WebSockets at /sync/<document>
server.listen(port, '127.0.0.1', () => {
  for (const name of ['plain', 'csp']) console.log(`http://127.0.0.1:${server.address().port}/${name}/`);
});
