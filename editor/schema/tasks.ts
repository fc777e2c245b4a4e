import { Node, wrappingInputRule } from '@tiptap/core';

const TaskList = Node.create({
  name: 'taskList',
  group: 'block list',
  content: 'taskItem+',
  parseHTML: () => [{ tag: 'ul[data-type="taskList"]', priority: 51 }],
  renderHTML: ({ HTMLAttributes }) => ['ul', { ...HTMLAttributes, 'data-type': 'taskList' }, 0],
});

const TaskItem = Node.create({
  name: 'taskItem',
  content: 'paragraph block*',
  defining: true,
  addAttributes: () => ({
    checked: {
      default: false,
      keepOnSplit: false,
      parseHTML: (element) => ['', 'true'].includes(element.getAttribute('data-checked') ?? 'false'),
      renderHTML: ({ checked }) => ({ 'data-checked': String(checked === true) }),
    },
  }),
  parseHTML: () => [{ tag: 'li[data-type="taskItem"]', priority: 51, contentElement: contentOf }],
  renderHTML: ({ node, HTMLAttributes }) => [
    'li',
    { ...HTMLAttributes, 'data-type': 'taskItem' },
    // Nobody presses it where it is only rendered.
    ['label', ['input', { type: 'checkbox', disabled: '', checked: node.attrs['checked'] === true ? '' : null }]],
    ['div', 0],
  ],
  addKeyboardShortcuts() {
    const { name } = this;
    return {
      Enter: ({ editor }) => editor.commands.splitListItem(name),
      Tab: ({ editor }) => editor.commands.sinkListItem(name),
      'Shift-Tab': ({ editor }) => editor.commands.liftListItem(name),
      'Mod-Enter': ({ editor }) =>
        editor.isActive(name) &&
        editor.commands.updateAttributes(name, { checked: editor.getAttributes(name)['checked'] !== true }),
    };
  },
  addInputRules() {
    const find = /^\s*\[([ x]?)\]\s$/;
    return [wrappingInputRule({ find, type: this.type, getAttributes: ([, mark]) => ({ checked: mark === 'x' }) })];
  },
});

function contentOf(item: globalThis.Node): HTMLElement {
  const element = item as HTMLElement;
  return element.querySelector('div') ?? element;
}

export const tasks = [TaskList, TaskItem];
