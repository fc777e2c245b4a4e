import { LevelStorage } from '../../persistence/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { describeStorage } from './storage-contract.ts';

describeStorage('LevelStorage', async () => {
  const folder = await temporaryFolder();
  return () => new LevelStorage(folder);
});
