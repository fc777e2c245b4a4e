/** The commands on the toolbar, in their groups. Those that the editor does not have are left out. */
export const TOOLBAR_GROUPS: readonly (readonly string[])[] = [
  ['undo', 'redo'],
  ['heading1', 'heading2', 'heading3'],
  ['bold', 'italic', 'underline', 'strike', 'code'],
  ['bulletList', 'orderedList', 'blockquote', 'codeBlock'],
];
