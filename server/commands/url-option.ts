import { type Command, InvalidArgumentError, Option } from 'commander';

/** Where a command finds the documents: in a server that runs, or in the folder of one that does not. */
export type Source =
  | { readonly type: 'server'; readonly url: string }
  | { readonly type: 'folder'; readonly folder: string };

/** `--url`: the server that a command asks, where one runs. */
export function urlOption(): Option {
  return new Option('-u, --url <address>', 'address of the server, while one runs, such as http://127.0.0.1:1234')
    .env('SCRIPTORIUM_URL')
    .argParser(parseUrl);
}

/** What `--url` and `--data` say together: the address where there is one, else the folder. */
export function sourceOf(options: { readonly url?: string; readonly data: string }, command: Command): Source {
  if (options.url === undefined) return { type: 'folder', folder: options.data };
  const fromUser = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  if (fromUser('data')) {
    if (fromUser('url')) command.error('error: give either --url or --data, not both');
    return { type: 'folder', folder: options.data };
  }
  return { type: 'server', url: options.url };
}

function parseUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('An address begins with http:// or https://.');
  }
  return text.replace(/\/+$/, '');
}
