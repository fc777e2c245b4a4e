import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ScriptoriumEditor } from 'scriptorium/editor/react';
import 'scriptorium/editor/styles.css';

const ada = { name: 'Ada', color: '#0d8078' };

function Page() {
  const [letter, setLetter] = useState('react-one');
  const [locked, setLocked] = useState(false);
  const [saved, setSaved] = useState(true);
  return (
    <>
      <nav>
        <button type="button" onClick={() => setLetter('react-one')}>
          One
        </button>
        <button type="button" onClick={() => setLetter('react-two')}>
          Two
        </button>
        <label>
          <input type="checkbox" checked={locked} onChange={(event) => setLocked(event.target.checked)} /> Locked
        </label>
        <output>{saved ? 'Saved' : 'Saving…'}</output>
      </nav>
      <ScriptoriumEditor
        document={letter}
        url="/sync"
        user={ada}
        editable={!locked}
        onSaved={(event) => setSaved(event.saved)}
      />
    </>
  );
}

createRoot(document.querySelector('#root')).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
