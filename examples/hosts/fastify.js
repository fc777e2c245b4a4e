// Scriptorium in a Fastify application. Documents live as long as this process.
import fastify from 'fastify';
import { createServer } from 'scriptorium/server';

const scriptorium = createServer({ basePath: '/scriptorium' });
const app = fastify();
app.get('/', () => 'The product');
app.register((scope, _options, registered) => {
  // The bodies are Scriptorium's: Fastify does not read them here.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
  scope.all('/scriptorium/*', (request, reply) => {
    reply.hijack();
    scriptorium.handler(request.raw, reply.raw);
  });
  registered();
});
await scriptorium.attach(app.server); // WebSockets at /scriptorium/sync/<document>
app.addHook('preClose', () => scriptorium.close());

console.log(`${await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })}/`);
process.once('SIGTERM', () => app.close());
