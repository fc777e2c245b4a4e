// What is in this folder is large, and loaded when a document needs it. In the standalone bundle these are files of their own.
export { render } from 'katex';
