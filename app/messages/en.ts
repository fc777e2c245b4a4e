// English, which is all that the page has to say; see editor/messages/en.ts.

/** What the page says around the editor, in English. */
export const en = {
  document: {
    untitled: 'Untitled',
  },
} as const;
