import { type Command, InvalidArgumentError } from 'commander';
import { SignJWT } from 'jose';
import { ACCESSES, type Access, isAccess } from '../../protocol/index.ts';
import { tokenKey } from '../access/token-key.ts';
import { DEFAULT_LIMITS } from '../options.ts';
import { type AccessFlags, secretOptions, tokenOptions } from './access-options.ts';
import { action } from './run.ts';

interface TokenFlags extends AccessFlags {
  readonly name?: string;
  readonly documents: Readonly<Record<string, Access>>;
  readonly admin?: boolean;
  readonly expiresIn: number;
}

const HELP = `
With the secret that the server has, in SCRIPTORIUM_TOKEN_SECRET or a file. Products make such tokens themselves; this is
for trying, and for commands that take a token in SCRIPTORIUM_TOKEN.`;

/** `scriptorium token`: a token for somebody, signed with the shared secret. */
export function addToken(program: Command): void {
  const command = program
    .command('token')
    .description('Print a token for a user, signed with the secret of the server.')
    .argument('<user>', 'the id of the user')
    .option('--name <name>', 'the name of the user')
    .option(
      '--documents <pattern=access>',
      "what they may do, such as 'team-a/*=write'; may be given more than once",
      parseRule,
      {},
    )
    .option('--admin', 'they look after the whole server')
    .option('--expires-in <seconds>', 'how long it counts', parseSeconds, 3600)
    .addHelpText('after', HELP);
  for (const option of secretOptions()) command.addOption(option);
  command.action(action(print, ''));
}

async function print(user: string, flags: TokenFlags): Promise<number> {
  const tokens = tokenOptions(flags);
  if (tokens?.secret === undefined) throw new TypeError('there is no secret: give --token-secret-file');
  const { key, algorithms } = tokenKey(tokens, DEFAULT_LIMITS);
  const { name, documents, admin, expiresIn } = flags;
  const token = new SignJWT({ documents, ...(name !== undefined && { name }), ...(admin && { admin }) })
    .setProtectedHeader({ alg: algorithms[0] ?? '' })
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime(`${expiresIn} seconds`);
  if (typeof tokens.issuer === 'string') token.setIssuer(tokens.issuer);
  if (tokens.audience !== undefined) token.setAudience(tokens.audience);
  console.log(await token.sign(key as Uint8Array));
  return 0;
}

function parseRule(text: string, before: Readonly<Record<string, Access>>): Readonly<Record<string, Access>> {
  const at = text.lastIndexOf('=');
  const access = text.slice(at + 1);
  if (at < 1 || !isAccess(access)) {
    throw new InvalidArgumentError(`It is a name or pattern, =, and one of ${ACCESSES.join(', ')}.`);
  }
  return { ...before, [text.slice(0, at)]: access };
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError('It is a number of seconds above 0.');
  return seconds;
}
