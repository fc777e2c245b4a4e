import { expect, it, onTestFinished } from 'vitest';
import { createServer } from '../../server/index.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, expectSaved } from './writer.ts';

const stage = setStage();

it('the page works under a path: two people write together, come back to the list, and to the kept page offline', {
  timeout: 60_000,
}, async () => {
  const scriptorium = createServer({ basePath: '/docs' });
  const { url } = await scriptorium.listen({ port: 0 });
  onTestFinished(() => scriptorium.close());
  expect((await fetch(`${url}/`)).status).toBe(404);

  const ada = await stage.enter('Ada', { serviceWorkers: 'allow' });
  const ben = await stage.enter('Ben', { serviceWorkers: 'allow' });
  await ada.page.goto(`${url}/docs/`);
  await ada.page.getByRole('button', { name: 'New document' }).click();
  await ada.editor.waitFor();
  await ada.page.keyboard.type('A title');
  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.type('Hello');
  await expectSaved(ada);
  const address = ada.page.url();
  expect(address.startsWith(`${url}/docs/d/`)).toBe(true);

  await ben.open(address);
  await ben.editor.click();
  await expectBlocks([ada, ben], ['Hello']);
  await ben.page.keyboard.press('Control+End');
  await ben.page.keyboard.type(' there');
  await expectBlocks([ada, ben], ['Hello there']);
  await expectSaved(ben);

  await ada.page.reload();
  await expectBlocks([ada], ['Hello there']);
  const scope = await ada.page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
  expect(scope).toBe(`${url}/docs/`);
  await ada.page.getByRole('link', { name: 'All documents' }).click();
  await ada.page.getByRole('link', { name: 'A title' }).waitFor();
  expect(ada.page.url()).toBe(`${url}/docs/`);

  ben.expectDisconnects();
  ben.expectOnConsole(/ERR_INTERNET_DISCONNECTED/);
  await eventually(() => ben.page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await ben.page.context().setOffline(true);
  await ben.page.goto(address);
  await expectBlocks([ben], ['Hello there']);
});
