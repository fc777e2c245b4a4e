import { LevelStorage } from '../../persistence/index.ts';

// A process that does something with a store, and then dies or lives on. Run by level-storage.test.ts.

const [folder = '', task] = process.argv.slice(2);
const EPOCH = 'epoch-1';
const storage = new LevelStorage(folder);
const die = (): boolean => process.kill(process.pid, 'SIGKILL');

await storage.open();
switch (task) {
  case 'hold':
    console.log('open');
    setInterval(() => {}, 60_000);
    break;
  case 'append-and-die': {
    await storage.create('d', { epoch: EPOCH, at: 1 });
    await storage.append('d', EPOCH, [{ at: 2, user: 'u', update: Uint8Array.of(1, 2, 3) }]);
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => storage.append('d', EPOCH, [{ at: 3, update: Uint8Array.of(i) }])),
    );
    die();
    break;
  }
  case 'compact-and-die':
    await storage.replaceSnapshot('d', EPOCH, 0, { seq: 2, stateVector: Uint8Array.of(0), update: Uint8Array.of(9) });
    die();
    break;
  case 'delete-and-die':
    await storage.delete('d');
    die();
    break;
  default:
    throw new TypeError(`no such task: ${task}`);
}
