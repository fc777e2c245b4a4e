import { ScriptoriumEditor } from 'scriptorium/editor/react';

const ada = { name: 'Ada', color: '#0d8078' };

/** On the server the editor is an empty element; in the browser it comes to life in it. */
export function Page() {
  return (
    <main>
      <h1>Rendered on the server</h1>
      <ScriptoriumEditor document="ssr" url="/sync" user={ada} className="page" />
    </main>
  );
}
