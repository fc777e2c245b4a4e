// Renders the page on the server, then hands it to the browser; documents live as long as this process.
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'scriptorium/server';
import { createServer as createViteServer } from 'vite';

const server = createHttpServer((request, response) => {
  vite.middlewares(request, response, () => page(request, response));
});
const vite = await createViteServer({
  configFile: false,
  root: import.meta.dirname,
  appType: 'custom',
  logLevel: 'warn',
  resolve: { dedupe: ['yjs'] },
  server: { middlewareMode: true, hmr: { server } },
});

async function page(request, response) {
  if (request.url !== '/') return response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
  try {
    const template = await readFile(new URL('./page.html', import.meta.url), 'utf8');
    const { render } = await vite.ssrLoadModule('/render.jsx');
    const html = (await vite.transformIndexHtml('/', template)).replace('<!--page-->', render());
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}

const scriptorium = createServer(); // documents in memory
await scriptorium.attach(server); // WebSockets at /sync/<document>
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
