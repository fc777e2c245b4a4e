import { MemoryStorage, type NewEntry } from '../../persistence/index.ts';
import { ScriptoriumError } from '../../protocol/index.ts';

/** A store whose appends can be made to fail, or to hang, and to be well again. */
export class TroubledStorage extends MemoryStorage {
  #mode: 'well' | 'failing' | 'hanging' = 'well';
  #release: (() => void)[] = [];

  set mode(mode: 'well' | 'failing' | 'hanging') {
    this.#mode = mode;
    if (mode === 'well') for (const release of this.#release.splice(0)) release();
  }

  override async append(document: string, epoch: string, entries: readonly NewEntry[]): Promise<number> {
    if (this.#mode === 'failing') throw new ScriptoriumError('STORE_UNAVAILABLE', 'ENOSPC in /secret/folder');
    if (this.#mode === 'hanging') await new Promise<void>((resolve) => this.#release.push(resolve));
    return super.append(document, epoch, entries);
  }
}
