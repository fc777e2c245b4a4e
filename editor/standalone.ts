// The bundle for a page without a bundler: a global `Scriptorium`, and the element. Its style sheet is one file, too.
import './element.ts';
import './together/people-element.ts';
import './styles.css';

/** The one copy of Yjs in the page: documents for the editor have to be made with it. */
export * as Y from 'yjs';
export { ScriptoriumProvider } from '../client/index.ts';
export * from './index.ts';
