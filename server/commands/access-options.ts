import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { AccessOptions } from '../access/access-control.ts';
import type { TokenOptions } from '../access/token-key.ts';

/** The flags of `serve` that say who may do what. */
export interface AccessFlags {
  readonly tokenSecretFile?: string;
  readonly tokenPublicKey?: string;
  readonly tokenJwksUrl?: string;
  readonly tokenIssuer?: string;
  readonly tokenAudience?: string;
  readonly audit?: string;
  readonly allowAnonymous?: boolean;
}

/** A secret is never a flag: everybody on the machine sees the arguments of a program. */
const SECRET_VARIABLE = 'SCRIPTORIUM_TOKEN_SECRET';
/** Commander takes a flag for given when its variable is set, also to `false`. */
const ANONYMOUS_VARIABLE = 'SCRIPTORIUM_ALLOW_ANONYMOUS';

const ACCESS_HELP = `
Without one of --token-secret-file, --token-public-key and --token-jwks-url there is no access control, and the server
listens on loopback addresses only. ${SECRET_VARIABLE} may hold the secret itself in the place of a file.`;

export function addAccessOptions(command: Command): Command {
  for (const option of [...secretOptions(), ...keyOptions()]) command.addOption(option);
  return command
    .addOption(envOption('--audit <file>', 'append to this file who connected, was refused, changed access', 'AUDIT'))
    .option('--allow-anonymous', `let everybody do everything, also from elsewhere (env: ${ANONYMOUS_VARIABLE}=true)`)
    .addHelpText('after', ACCESS_HELP);
}

/** The flags that tokens with a shared secret need. */
export function secretOptions(): Option[] {
  return [
    envOption('--token-secret-file <file>', 'tokens are signed with the secret in this file', 'TOKEN_SECRET_FILE'),
    envOption('--token-issuer <iss>', 'what `iss` of tokens has to be', 'TOKEN_ISSUER'),
    envOption('--token-audience <aud>', 'what `aud` of tokens has to have', 'TOKEN_AUDIENCE'),
  ];
}

function keyOptions(): Option[] {
  return [
    envOption('--token-public-key <file>', 'tokens are signed for this public key (PEM)', 'TOKEN_PUBLIC_KEY'),
    envOption('--token-jwks-url <address>', 'tokens are signed with a key of this key set', 'TOKEN_JWKS_URL'),
  ];
}

function envOption(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(`SCRIPTORIUM_${variable}`);
}

/**
 * What the flags and the environment say.
 * @throws TypeError when they contradict each other; Node's error when a file can't be read
 */
export function accessOptions(flags: AccessFlags): AccessOptions & { readonly allowAnonymous: boolean } {
  const { audit, allowAnonymous = isSet(ANONYMOUS_VARIABLE) } = flags;
  const tokens = tokenOptions(flags);
  return { allowAnonymous, ...(tokens && { tokens }), ...(audit !== undefined && { audit }) };
}

/** How tokens are checked; undefined without a key. @throws as {@link accessOptions} */
export function tokenOptions(flags: AccessFlags): TokenOptions | undefined {
  const { tokenSecretFile, tokenPublicKey, tokenJwksUrl, tokenIssuer, tokenAudience } = flags;
  const inEnvironment = process.env[SECRET_VARIABLE];
  if (tokenSecretFile !== undefined && inEnvironment !== undefined) {
    throw new TypeError(`give either --token-secret-file or ${SECRET_VARIABLE}, not both`);
  }
  const secret = tokenSecretFile === undefined ? inEnvironment : textIn(tokenSecretFile);
  const keys = {
    ...(secret !== undefined && { secret }),
    ...(tokenPublicKey !== undefined && { publicKey: textIn(tokenPublicKey) }),
    ...(tokenJwksUrl !== undefined && { jwksUrl: tokenJwksUrl }),
  };
  const checks = {
    ...(tokenIssuer !== undefined && { issuer: tokenIssuer }),
    ...(tokenAudience !== undefined && { audience: tokenAudience }),
  };
  if (Object.keys(keys).length > 0) return { ...keys, ...checks };
  if (Object.keys(checks).length > 0) throw new TypeError('--token-issuer and --token-audience need a key of tokens');
  return undefined;
}

/** Editors and `echo` end a file with a line feed that is no part of it. */
function textIn(file: string): string {
  return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
}

function isSet(variable: string): boolean {
  const value = process.env[variable] ?? '';
  if (!['', 'true', 'false', '1', '0'].includes(value)) throw new TypeError(`${variable} is neither true nor false`);
  return value === 'true' || value === '1';
}
