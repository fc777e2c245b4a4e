import { CopyPlus, FileCode, FileDown, FileText, FileUp, Printer, Star, StarOff, Trash2 } from 'lucide-static';
import type { EditorHandle, TextFormat } from '../editor/index.ts';
import { HOME_PATH } from './base-path.ts';
import { deleteWithUndo } from './documents/deletions.ts';
import { setStar, starredDocuments } from './documents/device-marks.ts';
import { ACCEPTED_FILES, duplicateDocument, readFile } from './documents/new-documents.ts';
import { download, fileName } from './download.ts';
import { messages } from './language.ts';
import type { MenuGroup, MenuItem } from './menu-button.ts';
import { documentPath, navigate } from './router.ts';
import type { Session } from './session.ts';
import { showToast } from './toasts.ts';
import { viewMenu } from './view-menu.ts';

/** What the menu of a document works on. */
export interface DocumentMenuContext {
  readonly document: string;
  /** Undefined while it loads; the editor, too. */
  readonly session: Session | undefined;
  readonly editor: EditorHandle | undefined;
}

/** How files of a format are called, and what a browser is told of them. */
const FILES: Readonly<Record<TextFormat, readonly [end: string, type: string]>> = {
  markdown: ['md', 'text/markdown'],
  html: ['html', 'text/html'],
  text: ['txt', 'text/plain'],
};

/** What can be done with a document as a whole. */
export function documentMenu({ document, session, editor }: DocumentMenuContext): readonly MenuGroup[] {
  if (!session || !editor) return [];
  const t = messages().document;
  const title = session.title.value;
  const info = { document, title, createdAt: 0, updatedAt: 0 };
  const isStarred = starredDocuments().has(document);
  const duplicate = async (): Promise<void> => {
    const made = await duplicateDocument(info);
    if (made) navigate(documentPath(made.document));
  };
  const remove = (): void => {
    deleteWithUndo(info);
    navigate(HOME_PATH);
  };
  const exporting = (format: TextFormat, label: string, icon: string): MenuItem => ({
    ...{ name: `export-${format}`, label, icon },
    run: () => void exportTo(editor, format, title),
  });
  const star = {
    name: 'star',
    label: isStarred ? t.unstar : t.star,
    icon: isStarred ? StarOff : Star,
    run: () => setStar(document, !isStarred),
  };
  const importing = { name: 'import', label: t.import, icon: FileUp, run: () => chooseAndImport(editor) };
  return [
    {
      items: [
        star,
        { name: 'duplicate', label: t.duplicate, icon: CopyPlus, run: () => void duplicate() },
        ...(session.rights.mayWrite ? [importing] : []),
      ],
    },
    viewMenu(editor.editor),
    {
      label: t.export,
      items: [
        exporting('markdown', t.exportMarkdown, FileDown),
        exporting('html', t.exportHtml, FileCode),
        exporting('text', t.exportText, FileText),
        { name: 'print', label: t.print, icon: Printer, run: () => window.print() },
      ],
    },
    ...(session.rights.mayShare
      ? [{ items: [{ name: 'delete', label: t.delete, icon: Trash2, isDanger: true, run: remove }] }]
      : []),
  ];
}

async function exportTo(editor: EditorHandle, format: TextFormat, title: string): Promise<void> {
  const shownTitle = title || messages().common.untitled;
  const [end, type] = FILES[format];
  try {
    download(await editor.exportAs(format, { title: shownTitle }), fileName(shownTitle, end), type);
  } catch (error) {
    showToast({ text: messages().document.notExported({ reason: reasonOf(error) }) });
  }
}

function chooseAndImport(editor: EditorHandle): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = ACCEPTED_FILES;
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) void importFrom(editor, file);
  });
  input.click();
}

async function importFrom(editor: EditorHandle, file: File): Promise<void> {
  try {
    const { text, format } = await readFile(file);
    await editor.importFrom(format, text);
  } catch (error) {
    showToast({ text: messages().document.notImported({ name: file.name, reason: reasonOf(error) }) });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
