import type { Compiled } from './catalogue.ts';
import { enMedia } from './en-media.ts';
import { createLanguages } from './languages.ts';
import { translations } from './translation.ts';

/** All that the editor says of images, in one language. */
export type MediaMessages = Compiled<typeof enMedia>['media'];

/** The languages for images. They are loaded with what shows these. */
export const mediaLanguages = createLanguages(enMedia, translations);
