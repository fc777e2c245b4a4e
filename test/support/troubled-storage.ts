import { type DocumentInfo, MemoryStorage, type NewDocument, type NewEntry } from '../../persistence/index.ts';
import { ScriptoriumError } from '../../protocol/index.ts';

/** A store that can be made to take no entries, by failing or by hanging, and to be well again. */
export class TroubledStorage extends MemoryStorage {
  #mode: 'well' | 'failing' | 'hanging' = 'well';
  #release: (() => void)[] = [];

  set mode(mode: 'well' | 'failing' | 'hanging') {
    this.#mode = mode;
    if (mode === 'well') for (const release of this.#release.splice(0)) release();
  }

  override async create(document: string, made: NewDocument): Promise<DocumentInfo> {
    if ((made.entries?.length ?? 0) > 0) await this.#trouble();
    return super.create(document, made);
  }

  override async append(document: string, epoch: string, entries: readonly NewEntry[]): Promise<number> {
    await this.#trouble();
    return super.append(document, epoch, entries);
  }

  async #trouble(): Promise<void> {
    if (this.#mode === 'failing') throw new ScriptoriumError('STORE_UNAVAILABLE', 'ENOSPC in /secret/folder');
    if (this.#mode === 'hanging') await new Promise<void>((resolve) => this.#release.push(resolve));
  }
}
