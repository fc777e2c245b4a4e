import { Option } from 'commander';

/** `--data`: the folder that a command works on. */
export function dataOption(description = 'folder for the documents; made if it is missing'): Option {
  return new Option('-d, --data <folder>', description).env('SCRIPTORIUM_DATA').default('data');
}
