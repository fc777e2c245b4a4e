// Scriptorium in an Express application. Documents live as long as this process.
import express from 'express';
import { createServer } from 'scriptorium/server';

const scriptorium = createServer({ basePath: '/scriptorium' });
const app = express();
app.use(express.json());
app.use('/scriptorium', scriptorium.handler); // or app.use(scriptorium.handler)
app.get('/', (_request, response) => response.send('The product'));

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', async () => {
  await scriptorium.attach(server); // WebSockets at /scriptorium/sync/<document>
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
process.once('SIGTERM', () => scriptorium.close().then(() => server.close()));
