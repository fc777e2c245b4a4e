import { run } from '../server/cli.ts';

// What `npm run dev` starts: the program from its sources.
await run(process.argv);
