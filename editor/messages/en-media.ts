// What comes with images, as in `en.ts`.

/** What the editor says of images, in English. */
export const enMedia = {
  /** Images, and their way to the server. */
  media: {
    tools: 'Image',
    width: 'Width of the image',
    alignStart: 'At the start of the line',
    alignCenter: 'In the middle',
    alignEnd: 'At the end of the line',
    alt: 'Alt text',
    altHint: 'What is to be seen, for who does not see it',
    caption: 'Caption',
    loading: 'Loading image...',
    broken: 'The image cannot be shown',
    /** In place of an image that is not fetched from another server. */
    elsewhere: 'Image on {host}',
    open: 'Open',
    retry: 'Try again',
    cancel: 'Cancel',
    dismiss: 'Remove',
    uploading: 'Uploading {name}...',
    offline: 'There is no connection: images can be uploaded when it is back.',
    nowhere: 'Images cannot be stored here.',
    failed: 'The upload failed.',
    tooLarge: 'The image is too large.',
    full: 'This document has no room for more images.',
    wrongType: 'Only PNG, JPEG, GIF, WebP and AVIF images can be put in.',
    forbidden: 'You may not put images in this document.',
  },
} as const;
