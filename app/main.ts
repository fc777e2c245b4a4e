import './scriptorium-app.ts';
