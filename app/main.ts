/// <reference types="vite/client" />
import { BASE_PATH } from './base-path.ts';
import { beginFirstLook } from './first-look.ts';
import { loadLanguage } from './language.ts';

await loadLanguage();
beginFirstLook();
await import('./scriptorium-app.ts');

// Missing in private windows and over plain HTTP; then the page has to be loaded each time.
if (import.meta.env.PROD) navigator.serviceWorker?.register(`${BASE_PATH}/service-worker.js`).catch(() => {});
