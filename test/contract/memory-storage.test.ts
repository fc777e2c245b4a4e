import { MemoryStorage } from '../../persistence/index.ts';
import { describeStorage } from './storage-contract.ts';

describeStorage('MemoryStorage', () => {
  const storage = new MemoryStorage();
  return () => storage;
});
