/** What a document can be read from and written as. */
export type TextFormat = 'markdown' | 'html' | 'text';
