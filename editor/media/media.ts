import { NodeSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { createPasting } from '../exchange/paste.ts';
import { mediaLanguages } from '../messages/media.ts';
import { noFiles, serverFiles } from './file-service.ts';
import { hostOf, ImageView } from './image-view.ts';
import type { LateParts, MediaContext } from './late-parts.ts';
import { ObjectUrls } from './object-urls.ts';
import { IMAGE_TYPES, Uploads } from './uploads.ts';

const loadExchange = () => import('../exchange/exchange.ts');

/** Everything about images and pasting that is loaded later. */
export async function createMedia({ editor, provider, options }: MediaContext): Promise<LateParts> {
  const { messages } = await mediaLanguages.find(options.locale, options.messages);
  const files = provider ? serverFiles(provider) : noFiles;
  const { upload = files.upload, remoteImages = options.upload !== undefined } = options;
  const urls = new ObjectUrls(files);
  const uploads = new Uploads(editor, files, upload, messages.media);
  const pasting = createPasting({ editor, files, uploads, remoteImages });

  /** Only what is in the document itself or on its own server: any other would be told who reads what, and when. */
  const resolve = async (src: string): Promise<string | undefined> => {
    if (files.isOnServer(src)) return urls.get(src);
    if (/^data:image\/(png|jpeg|gif|webp|avif)[;,]/i.test(src)) return src;
    return remoteImages && /^https?:/i.test(src) ? src : undefined;
  };

  const showImage = (image: HTMLImageElement, src: string): void => {
    const fail = (text: string): void => {
      image.alt = [text, image.alt].filter(Boolean).join(': ');
    };
    resolve(src).then(
      (url) => {
        if (url === undefined) fail(messages.media.elsewhere({ host: hostOf(src) }));
        else image.src = url;
      },
      () => fail(messages.media.broken),
    );
  };

  const pickImages = (): void => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = IMAGE_TYPES.join();
    input.multiple = true;
    input.onchange = () => uploads.start([...(input.files ?? [])]);
    input.click();
  };

  return {
    createImageView: (context) => new ImageView(context, { messages: messages.media, resolve }),
    showImage,
    decorations: (state) => uploads.decorations(state),
    pickImages,
    uploadImages: (chosen, position) => uploads.start(chosen, position),
    onKeyDown: enterImage,
    ...pasting,
    exportAs: async (format, title) => (await loadExchange()).exportAs(editor, format, title, files),
    importFrom: async (format, text) => (await loadExchange()).importInto(editor, format, text),
    destroy() {
      uploads.destroy();
      urls.destroy();
    },
  };
}

/** From a selected image, Enter leads to its caption and Tab to its buttons; Escape there leads back. */
function enterImage(view: EditorView, event: KeyboardEvent): boolean {
  const { selection } = view.state;
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== 'image' || !view.editable) return false;
  if (event.key !== 'Enter' && event.key !== 'Tab') return false;
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
  const dom = view.nodeDOM(selection.from);
  const first = event.key === 'Enter' ? 'figcaption input' : '.scriptorium-image-tools button';
  const control = dom instanceof HTMLElement ? dom.querySelector<HTMLElement>(first) : null;
  control?.focus();
  return control !== null;
}
