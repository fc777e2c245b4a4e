import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { png } from '../support/images.ts';
import { exif, jpegPhoto, pngPhoto, SECRET_PLACE, webpPhoto } from '../support/photos.ts';
import { setStage } from './stage.ts';
import { eventually, expectSaved, settled, type Writer } from './writer.ts';

const stage = setStage();

const picture = { name: 'blue.png', mimeType: 'image/png', buffer: png(320, 200) };

/** Chooses files as a person does: by a command, in the system's dialog. */
async function pick(page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.evaluate(() => editorOf().commands['pickImages']?.());
  await (await chooser).setFiles(files);
}

/** Pastes or drops a file into the text, as the browser tells it. */
async function give(page: Page, kind: 'paste' | 'drop', file: { name: string; mimeType: string; buffer: Buffer }) {
  await page.evaluate(
    ({ kind, name, type, bytes }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
      const target = document.querySelector('.tiptap') as Element;
      const place = target.firstElementChild?.getBoundingClientRect();
      const at = { clientX: (place?.left ?? 0) + 4, clientY: (place?.top ?? 0) + 4 };
      const init = { bubbles: true, cancelable: true };
      target.dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent('drop', { ...init, ...at, dataTransfer: data }),
      );
    },
    { kind, name: file.name, type: file.mimeType, bytes: [...file.buffer] },
  );
}

declare function editorOf(): { commands: Record<string, (() => boolean) | undefined> };

async function enter(name: string, url: string, options = {}): Promise<Writer> {
  const writer = await stage.enter(name, options);
  await writer.page.addInitScript(() => {
    Object.assign(window, {
      editorOf: () => (document.querySelector('.tiptap') as unknown as { editor: unknown }).editor,
    });
  });
  await writer.open(url);
  return writer;
}

const shown = ({ page }: Writer) =>
  page
    .locator('.scriptorium-image img')
    .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));

describe('an image', () => {
  it('that is chosen, pasted or dropped is stored, and shown to everybody', async () => {
    const url = await stage.newDocument();
    const [ada, ben] = [await enter('Ada', url), await enter('Ben', url)];
    await ada.editor.click();
    await ada.page.keyboard.type('Before');
    await pick(ada.page, picture);
    for (const writer of [ada, ben]) await eventually(() => shown(writer)).toEqual([320]);
    await give(ada.page, 'paste', { ...picture, buffer: png(64, 64) });
    await give(ada.page, 'drop', { ...picture, buffer: png(32, 32) });
    for (const writer of [ada, ben]) await eventually(async () => (await shown(writer)).sort()).toEqual([32, 320, 64]);
    await ada.reload();
    await eventually(async () => (await shown(ada)).sort()).toEqual([32, 320, 64]);
    expect(await ben.page.locator('.scriptorium-upload').count()).toBe(0);
  });

  it('that a camera turned is seen upright, and does not say any more where it was taken', async () => {
    const url = await stage.newDocument();
    const ada = await enter('Ada', url);
    /** As the browser itself makes one. */
    const drawn = (type: string): Promise<Buffer> =>
      ada.page
        .evaluate(async (type) => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 20 });
          canvas.getContext('2d')?.fillRect(0, 0, 20, 20);
          const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type));
          return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))];
        }, type)
        .then((bytes) => Buffer.from(bytes));
    const sizeOf = (bytes: Buffer): Promise<number[]> =>
      ada.page.evaluate(
        async (bytes) => {
          const image = new Image();
          image.src = URL.createObjectURL(new Blob([Uint8Array.from(bytes)]));
          await image.decode();
          return [image.naturalWidth, image.naturalHeight];
        },
        [...bytes],
      );
    const size = { width: 40, height: 20 };
    const taken = [
      jpegPhoto(await drawn('image/jpeg'), exif(6)),
      pngPhoto(await drawn('image/png'), exif(6)),
      webpPhoto(await drawn('image/webp'), size, exif(6)),
    ];
    expect(await sizeOf(taken[0] as Buffer)).toEqual([20, 40]);
    for (const photo of taken) {
      const files = `${stage.server.url}/api/documents/${url.slice(url.lastIndexOf('/') + 1)}/files`;
      const answer = await fetch(files, { method: 'POST', body: new Uint8Array(photo) });
      const { url: address } = (await answer.json()) as { url: string };
      const stored = Buffer.from(await (await fetch(stage.server.url + address)).arrayBuffer());
      expect(photo.includes(SECRET_PLACE)).toBe(true);
      expect(stored.includes(SECRET_PLACE)).toBe(false);
      expect(await sizeOf(stored)).toEqual(await sizeOf(photo));
    }
    await pick(ada.page, { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: taken[0] as Buffer });
    await eventually(() => shown(ada)).toEqual([20]);
  });

  it("of a document that is duplicated is the copy's own, and stays when the original is deleted", async () => {
    const original = await stage.newDocument();
    const ada = await enter('Ada', original);
    await ada.editor.click();
    await ada.page.keyboard.type('Before');
    await pick(ada.page, picture);
    await eventually(() => shown(ada)).toEqual([320]);
    await expectSaved(ada);
    await ada.page.getByRole('button', { name: 'More', exact: true }).click();
    await ada.page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await eventually(() => ada.page.url()).not.toBe(original);
    await eventually(() => shown(ada)).toEqual([320]);

    const api = (page: string): string => page.replace('/d/', '/api/documents/');
    expect((await fetch(api(original), { method: 'DELETE' })).status).toBe(204);
    const copy = new Y.Doc();
    const update = await fetch(`${api(ada.page.url())}/update`).then((response) => response.arrayBuffer());
    Y.applyUpdate(copy, new Uint8Array(update));
    const src = /src="([^"]+)"/.exec(copy.getXmlFragment('default').toString())?.[1];
    const response = await fetch(stage.server.url + src);
    expect([response.status, Buffer.from(await response.arrayBuffer())]).toEqual([200, picture.buffer]);
    const ben = await enter('Ben', ada.page.url());
    await eventually(() => shown(ben)).toEqual([320]);
  });

  it('that cannot be copied leaves no half of a duplicate', async () => {
    const original = await stage.newDocument();
    const ada = await enter('Ada', original);
    await pick(ada.page, picture);
    await eventually(() => shown(ada)).toEqual([320]);
    await expectSaved(ada);
    const count = async (): Promise<number> => {
      const response = await fetch(`${stage.server.url}/api/documents`);
      return ((await response.json()) as { documents: unknown[] }).documents.length;
    };
    const before = await count();
    // Not by a route: the browser would write the failure to the console, which has to stay clean.
    await ada.page.evaluate(() => {
      const { fetch } = window;
      window.fetch = async (url, init) =>
        init?.method === 'POST' && String(url).endsWith('/files')
          ? Response.json({ error: { code: 'files-full', message: 'There is no place.' } }, { status: 413 })
          : fetch(url, init);
    });
    await ada.page.getByRole('button', { name: 'More', exact: true }).click();
    await ada.page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await ada.page.getByText('There is no place.').waitFor();
    expect([await count(), ada.page.url()]).toEqual([before, original]);
  });

  it('takes the place of the empty line that the caret is in, and is undone in one step', async () => {
    const ada = await enter('Ada', await stage.newDocument());
    await ada.editor.click();
    await ada.page.keyboard.type('a');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('b');
    await ada.page.keyboard.press('ArrowUp');
    await ada.page.waitForTimeout(600);
    await pick(ada.page, picture);
    await eventually(() => shown(ada)).toEqual([320]);
    const kinds = () =>
      ada.page.locator('.tiptap').evaluate((root) => [...root.children].map((child) => child.tagName).join());
    expect(await kinds()).toBe('P,FIGURE,P');
    await ada.page.keyboard.press('Control+z');
    await eventually(kinds).toBe('P,P,P');
  });

  it('goes where it was put, whatever others write while it is on its way; they see nothing before it is stored', async () => {
    const url = await stage.newDocument();
    const [ada, ben] = [await enter('Ada', url), await enter('Ben', url)];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await ada.page.route('**/files', async (route) => {
      await held;
      await route.continue();
    });
    await ada.editor.click();
    await ada.page.keyboard.type('one');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('two');
    await eventually(() => ben.blocks()).toEqual(['one', 'two']);
    await ada.page.locator('.tiptap p', { hasText: 'one' }).click();
    await settled(ada);
    await pick(ada.page, picture);
    await ada.page.locator('.scriptorium-upload[data-stage="sending"]').waitFor();
    await ben.page.evaluate(() => {
      const editor = editorOf() as unknown as { commands: { insertContentAt(at: number, html: string): boolean } };
      return editor.commands.insertContentAt(0, '<p>zero</p>');
    });
    await eventually(() => ben.blocks()).toEqual(['zero', 'one', 'two']);
    await eventually(() => ada.blocks()).toEqual(['zero', 'one', 'two']);
    expect(await ben.page.locator('.scriptorium-upload, .scriptorium-image').count()).toBe(0);
    release();
    for (const writer of [ada, ben]) {
      await eventually(() => shown(writer)).toEqual([320]);
      await eventually(() => writer.blocks()).toEqual(['zero', 'one', expect.any(String), 'two']);
    }
  });

  it('that the server does not take is said to be so; one that did not get there is tried again', async () => {
    const ada = await enter('Ada', await stage.newDocument());
    ada.expectOnConsole(/status of (415|503)/);
    await ada.editor.click();
    await pick(ada.page, {
      name: 'false.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<script>alert(1)</script>'),
    });
    await ada.page.getByText('Only PNG, JPEG, GIF, WebP and AVIF').waitFor();
    expect(await ada.page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await ada.page.getByRole('button', { name: 'Remove' }).click();
    await eventually(() => ada.page.locator('.scriptorium-upload').count()).toBe(0);
    let failures = 1;
    await ada.page.route('**/files', (route) => (failures-- > 0 ? route.fulfill({ status: 503 }) : route.continue()));
    await pick(ada.page, picture);
    await ada.page.getByText('The upload failed.').waitFor();
    await ada.page.getByRole('button', { name: 'Try again' }).click();
    await eventually(() => shown(ada)).toEqual([320]);
  });

  it('is made smaller, moved and described, by pointer and by keys, for everybody', async () => {
    const url = await stage.newDocument();
    const [ada, ben] = [await enter('Ada', url), await enter('Ben', url)];
    await ada.editor.click();
    await pick(ada.page, picture);
    const image = ada.page.locator('.scriptorium-image img');
    await image.click();
    const handle = ada.page.getByRole('slider', { name: 'Width of the image' });
    const box = await handle.boundingBox();
    if (!box) throw new Error('The handle is not there.');
    await ada.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await ada.page.mouse.down();
    await ada.page.mouse.move(box.x + box.width / 2 - 120, box.y + 5, { steps: 4 });
    await ada.page.mouse.up();
    const width = (writer: Writer) =>
      writer.page.locator('.scriptorium-image img').evaluate((element) => Math.round(element.clientWidth));
    for (const writer of [ada, ben]) await eventually(() => width(writer)).toBe(200);
    await handle.focus();
    await ada.page.keyboard.press('ArrowLeft');
    for (const writer of [ada, ben]) await eventually(() => width(writer)).toBe(190);
    await ada.page.keyboard.press('Escape');
    // Back in the text, with the image selected: Tab leads to its buttons, Enter to its caption.
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.press('Enter');
    await eventually(() => ben.page.locator('.scriptorium-image').getAttribute('data-align')).toBe('center');
    await ada.page.getByRole('button', { name: 'Alt text' }).click();
    await ada.page.getByRole('textbox', { name: 'Alt text' }).fill('A blue box');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('Figure 1');
    await ada.page.keyboard.press('Enter');
    await ben.page.getByRole('img', { name: 'A blue box' }).waitFor();
    await eventually(() => ben.page.locator('.scriptorium-image figcaption').textContent()).toBe('Figure 1');
  });

  it('of another server is not fetched, and one that is missing is said to be', async () => {
    const ada = await enter('Ada', await stage.newDocument());
    ada.expect404s();
    const asked: string[] = [];
    ada.page.on('request', (request) => asked.push(request.url()));
    await ada.page.evaluate(() => {
      const editor = editorOf() as unknown as { commands: { insertContent(content: object[]): boolean } };
      const name = `/api/documents/none/files/${'0'.repeat(64)}.png`;
      editor.commands.insertContent([
        { type: 'image', attrs: { src: 'https://tracker.invalid/pixel.png' } },
        { type: 'image', attrs: { src: name, alt: 'A lost one' } },
      ]);
    });
    await ada.page.getByText('Image on tracker.invalid').waitFor();
    await ada.page.getByText('The image cannot be shown: A lost one').waitFor();
    expect(asked.filter((url) => url.includes('tracker.invalid'))).toEqual([]);
  });

  it('waits while there is no connection, and says so', async () => {
    const ada = await enter('Ada', await stage.newDocument());
    ada.expectDisconnects();
    ada.expectOnConsole(/ERR_INTERNET_DISCONNECTED/);
    await ada.editor.click();
    // With all parts of the editor here: they are loaded one after the other, once there is time for them.
    await ada.page.waitForLoadState('networkidle');
    await pick(ada.page, picture);
    await eventually(() => shown(ada)).toEqual([320]);
    await ada.page.context().setOffline(true);
    await stage.server.kill('SIGTERM');
    await eventually(() => ada.saveState()).toMatch(/^Offline/);
    await pick(ada.page, picture);
    await ada.page.getByText('There is no connection: images can be uploaded when it is back.').waitFor();
    await stage.server.restart();
    await ada.page.context().setOffline(false);
    await eventually(() => ada.saveState()).toBe('Saved');
    await ada.page.getByRole('button', { name: 'Try again' }).click();
    await eventually(() => shown(ada)).toEqual([320, 320]);
  });
});
