import { BookOpen, FilePlus, NotebookPen, Target } from 'lucide-static';
import type { TextFormat } from '../../editor/index.ts';
import { createDocument, type DocumentInfo, readContent } from '../api.ts';
import { language, messages } from '../language.ts';
import { ownToken } from '../own-token.ts';
import { showToast } from '../toasts.ts';
import { makeWithImages } from './with-images.ts';

/** What a new document can have in it. */
export const TEMPLATES = [
  { name: 'blank', glyph: FilePlus },
  { name: 'meeting', glyph: NotebookPen },
  { name: 'brief', glyph: Target },
  { name: 'journal', glyph: BookOpen },
] as const;
type Template = Exclude<(typeof TEMPLATES)[number]['name'], 'blank'>;

/** Files that documents can be made of, by the ends of their names. */
const FORMATS = { md: 'markdown', markdown: 'markdown', html: 'html', htm: 'html', txt: 'text' } as const;
export const ACCEPTED_FILES = Object.keys(FORMATS)
  .map((end) => `.${end}`)
  .join(',');
const MAX_FILE_BYTES = 5 * 1024 * 1024;
const BYTES_PER_MB = 1024 * 1024;

/*
 * Each of these says in a toast what went wrong, and answers with undefined then.
 */

/** An empty document. */
export function createBlank(): Promise<DocumentInfo | undefined> {
  return orToast(createDocument(), (reason) => messages().documents.notMade({ reason }));
}

/** A document with a template in it, in the language of the page. */
export function createFromTemplate(template: Template): Promise<DocumentInfo | undefined> {
  const { locale, messages: all } = language();
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(Date.now());
  const t = all.templates;
  const texts = {
    meeting: { title: t.meetingTitle({ date }), content: t.meetingContent({ date }) },
    brief: { title: t.briefTitle, content: t.briefContent },
    journal: { title: t.journalTitle({ date }), content: t.journalContent },
  };
  const { title, content } = texts[template];
  return orToast(make(title, content, 'markdown'), (reason) => all.documents.notMade({ reason }));
}

/** A document with the same in it. */
export async function duplicateDocument(info: DocumentInfo): Promise<DocumentInfo | undefined> {
  const t = messages();
  const shownTitle = info.title || t.common.untitled;
  const copy = async (): Promise<DocumentInfo> => {
    const [update, { schemaVersion }] = await Promise.all([
      readContent(info.document, ownToken()),
      import('./content.ts'),
    ]);
    const title = info.title && t.documents.copyOf({ title: info.title });
    return makeWithImages({ title, update, schema: schemaVersion });
  };
  return orToast(copy(), (reason) => t.documents.notDuplicated({ title: shownTitle, reason }));
}

/** A document of each file that can be one. */
export async function importFiles(files: readonly File[]): Promise<DocumentInfo[]> {
  const t = messages().documents;
  const made: DocumentInfo[] = [];
  for (const file of files) {
    const info = await orToast(importFile(file), (reason) => t.notImported({ name: file.name, reason }));
    if (info) made.push(info);
  }
  if (made.length > 1) showToast({ text: t.imported({ count: made.length }) });
  return made;
}

async function importFile(file: File): Promise<DocumentInfo> {
  const { text, format } = await readFile(file);
  return make(file.name.replace(/\.[^.]*$/, ''), text, format);
}

/**
 * The text of a file, and what it is written in.
 * @throws Error that says why it is none
 */
export async function readFile(file: File): Promise<{ readonly text: string; readonly format: TextFormat }> {
  const t = messages().documents;
  const end = /\.([^.]+)$/.exec(file.name.toLowerCase())?.[1] ?? '';
  if (!(end in FORMATS)) throw new Error(t.unknownFile);
  if (file.size > MAX_FILE_BYTES) throw new Error(t.tooLargeFile({ size: MAX_FILE_BYTES / BYTES_PER_MB }));
  return { text: await file.text(), format: FORMATS[end as keyof typeof FORMATS] };
}

/** The files that are dropped. */
export function filesIn(event: DragEvent): File[] {
  return [...(event.dataTransfer?.files ?? [])];
}

async function make(title: string, text: string, format: TextFormat): Promise<DocumentInfo> {
  const { updateOf, schemaVersion } = await import('./content.ts');
  return makeWithImages({ title, update: updateOf(text, format), schema: schemaVersion });
}

async function orToast<T>(work: Promise<T>, describe: (reason: string) => string): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    showToast({ text: describe(error instanceof Error ? error.message : String(error)) });
    return undefined;
  }
}
