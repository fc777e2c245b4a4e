import { Option } from 'commander';

/** `--data`: the folder that a command works on. */
export function dataOption(): Option {
  return new Option('-d, --data <folder>', 'folder for the documents; made if it is missing')
    .env('SCRIPTORIUM_DATA')
    .default('data');
}
