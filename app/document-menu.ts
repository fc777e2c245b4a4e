import type { Editor } from '@tiptap/core';
import { CopyPlus, Printer, Star, StarOff, Trash2 } from 'lucide-static';
import { HOME_PATH } from './base-path.ts';
import { deleteWithUndo } from './documents/deletions.ts';
import { setStar, starredDocuments } from './documents/device-marks.ts';
import { duplicateDocument } from './documents/new-documents.ts';
import { messages } from './language.ts';
import type { MenuGroup } from './menu-button.ts';
import { documentPath, navigate } from './router.ts';
import type { Session } from './session.ts';
import { viewMenu } from './view-menu.ts';

/** What the menu of a document works on. */
export interface DocumentMenuContext {
  readonly document: string;
  /** Undefined while it loads. */
  readonly session: Session | undefined;
  readonly editor: Editor | undefined;
}

/** What can be done with a document as a whole. */
export function documentMenu({ document, session, editor }: DocumentMenuContext): readonly MenuGroup[] {
  if (!session || !editor) return [];
  const t = messages().document;
  const isStarred = starredDocuments().has(document);
  const info = { document, title: session.title.value, createdAt: 0, updatedAt: 0 };
  const duplicate = async (): Promise<void> => {
    const made = await duplicateDocument(info);
    if (made) navigate(documentPath(made.document));
  };
  const remove = (): void => {
    deleteWithUndo(info);
    navigate(HOME_PATH);
  };
  return [
    {
      items: [
        {
          name: 'star',
          label: isStarred ? t.unstar : t.star,
          icon: isStarred ? StarOff : Star,
          run: () => setStar(document, !isStarred),
        },
        { name: 'duplicate', label: t.duplicate, icon: CopyPlus, run: () => void duplicate() },
      ],
    },
    viewMenu(editor),
    { label: t.export, items: [{ name: 'print', label: t.print, icon: Printer, run: () => window.print() }] },
    ...(session.rights.mayShare
      ? [{ items: [{ name: 'delete', label: t.delete, icon: Trash2, isDanger: true, run: remove }] }]
      : []),
  ];
}
