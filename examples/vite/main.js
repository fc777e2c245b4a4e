import { createEditor } from 'scriptorium/editor';
import 'scriptorium/editor/styles.css';

createEditor(document.querySelector('#page'), {
  document: 'vite',
  url: '/sync',
  user: { name: 'Ada', color: '#0d8078' },
  on: { saved: ({ saved }) => (document.title = saved ? 'Saved' : 'Saving…') },
});
