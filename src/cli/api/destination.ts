/** Where a command goes: the store beside it, or a server and the client that we are there. */
import type { Option } from 'commander';
import { isLoopback, parseServer } from '../../config/address.ts';
import { ConfigError, fileOf, filePem, option, switchOption } from '../../config/flags.ts';

/** A server, and who we are there. */
export interface Destination {
  /** `host:port`. */
  readonly server: string;
  readonly clientId: string;
  /** Absent of a public client, which only names itself. */
  readonly clientSecret?: string;
  /** PEM certificates that the server's is checked by; absent: those of Node. */
  readonly ca?: Uint8Array;
  readonly usesTls: boolean;
}

/** What a named context may say of it; flags and the environment go before it. */
export interface ContextOptions {
  readonly server?: string;
  readonly ca?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly plaintext?: boolean;
  /** For commands that need one and are told none. */
  readonly tenant?: string;
  /** The secret in the environment is another server's. */
  readonly ignoresEnvironment?: boolean;
}

/** The options as commander reads them. */
export type DestinationOptions = Omit<ContextOptions, 'tenant'>;

const HELP_GROUP = 'Which server, instead of the store beside it:';
const SECRET_VARIABLE = 'SYMBOLON_CLIENT_SECRET';

export function destinationOptions(): Option[] {
  return [
    option('--server <host:port>', 'a server to call over gRPC, as one of its clients').argParser(parseServer),
    option('--ca <file>', 'PEM certificates that the server’s is checked by (default: those of Node)'),
    option('--client-id <id>', 'the client that calls'),
    option('--client-secret-file <file>', `file that holds its secret; or give that as ${SECRET_VARIABLE}`),
    switchOption('--plaintext', 'without TLS (default: on for this machine’s own addresses, else off)'),
  ].map((each) => each.helpGroup(HELP_GROUP));
}

/** Undefined: the store beside it. `secret`: what the environment holds. */
export function destinationOf(
  options: ContextOptions,
  secret: string | undefined = options.ignoresEnvironment === true ? undefined : process.env[SECRET_VARIABLE],
): Destination | undefined {
  const { server, ca, clientId, clientSecretFile, plaintext } = options;
  if (server === undefined) {
    const given = Object.entries({ ca, 'client-id': clientId, 'client-secret-file': clientSecretFile, plaintext });
    const [name] = given.find(([, value]) => value !== undefined) ?? [];
    if (name !== undefined) {
      throw new ConfigError(`--${name} is given without --server. Give both, or leave it out`);
    }
    return undefined;
  }
  if (clientId === undefined) {
    throw new ConfigError(
      '--server is given without --client-id (or SYMBOLON_CLIENT_ID): a server wants to know who calls',
    );
  }
  if (ca !== undefined && plaintext === true) {
    throw new ConfigError('--ca is given with --plaintext. Leave one of them out');
  }
  const clientSecret = clientSecretFile === undefined ? secret : secretIn(clientSecretFile);
  return {
    server,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(ca === undefined ? {} : { ca: filePem('--ca', ca) }),
    usesTls: plaintext === undefined ? ca !== undefined || !isLoopback(server) : !plaintext,
  };
}

function secretIn(path: string): string {
  const instead = 'Name a file that holds the secret alone';
  const text = fileOf('--client-secret-file', path, { instead, isSecret: true }).toString('utf8').trim();
  if (text === '' || /\s/.test(text)) {
    throw new ConfigError(`--client-secret-file ${path} holds no secret. ${instead}`);
  }
  return text;
}
