import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../config/flags.ts';
import type { StoreOptions } from '../config/store.ts';
import type { CreateClient } from '../core/commands/create-client.ts';
import { ID_BYTES, clientId as newClientId, secretId } from '../core/ids.ts';
import { CLIENT_ID_FORM } from '../core/names.ts';
import { CLIENT_SECRET_PREFIX, digestOf, formatSecret, SECRET_BYTES } from '../core/secrets.ts';
import type { ClientRole } from '../core/tables/clients.ts';
import { endingCommands } from './ending.ts';
import { displayNameOption, type TargetOptions, targetCommand } from './naming.ts';
import { jsonOption, type OutputOptions, printResult } from './output.ts';
import { collectScope } from './tenants.ts';
import { executeAsOperator, onStore, random, withStore } from './workspace.ts';

interface ClientOptions extends OutputOptions, StoreOptions {
  readonly tenant: string;
  readonly id?: string;
  readonly displayName?: string;
  readonly role: ClientRole[];
  readonly scope: string[];
  readonly public?: boolean;
}

interface SecretOptions extends TargetOptions {
  readonly expireOthersIn?: number;
  readonly reset?: boolean;
}

const ROLES: readonly ClientRole[] = ['admin', 'introspect', 'operator'];

/** `symbolon client`. */
export function clientCommand(): Command {
  const create = new Command('create')
    .description('make a client; its secret is printed once and can’t be told again')
    .requiredOption('--tenant <tenant-id>', 'id of the tenant that it belongs to')
    .addOption(
      new Option('--id <client-id>', 'its id, unique across tenants (default: a random one)').argParser(parseClientId),
    )
    .addOption(displayNameOption('what people call it (default: its id)'))
    .addOption(
      new Option(
        '--role <role>',
        'admin: everything in its tenant; introspect: may introspect; operator: makes and manages all tenants; repeatable',
      )
        .default([], 'none')
        .argParser(collectRole),
    )
    .addOption(
      new Option('--scope <scope>', 'a scope that it may ask for; repeatable')
        .default([], 'none')
        .argParser(collectScope),
    )
    .option('--public', 'without a secret: it only names itself')
    .addOption(jsonOption())
    .action(createClient);
  const addSecret = targetCommand('client', 'add-secret')
    .description('give it another secret, which is printed once; its other secrets stay good unless you say otherwise')
    .addOption(
      new Option(
        '--expire-others-in <duration>',
        'how long its other secrets stay good, for example 7d; 0s ends them now',
      ).argParser(parseDuration),
    )
    .option('--reset', 'when a secret leaked: end its other secrets and all of its tokens now')
    .action(addClientSecret);
  const command = new Command('client').description('clients').addCommand(onStore(create)).addCommand(addSecret);
  for (const each of endingCommands('client')) {
    command.addCommand(each);
  }
  return command;
}

async function addClientSecret(clientId: string, options: SecretOptions): Promise<void> {
  const { reset = false, expireOthersIn } = options;
  if (reset && expireOthersIn !== undefined) {
    throw new Error('--reset is given with --expire-others-in: it ends the others now. Leave one out');
  }
  const tenantId = options.tenant ?? '';
  const secret = formatSecret(CLIENT_SECRET_PREFIX, random(SECRET_BYTES));
  const others = reset ? 0 : expireOthersIn;
  const { revision } = await withStore(options, (store) =>
    executeAsOperator(store, {
      kind: 'add_client_secret',
      tenantId,
      clientId,
      secret: { secretId: secretId(random(ID_BYTES)), digest: digestOf(secret), expireTime: null },
      ...(others === undefined ? {} : { othersExpireTime: Date.now() + others }),
      endTokens: reset,
    }),
  );
  printResult(
    options,
    { tenant_id: tenantId, client_id: clientId, client_secret: secret, revision },
    'Keep the secret now: only its digest is stored.',
  );
}

async function createClient(options: ClientOptions): Promise<void> {
  const confidential = options.public !== true;
  if (!confidential && options.role.length > 0) {
    throw new Error('--public is given with --role: a client without a secret can’t have a role. Leave one out');
  }
  const clientId = options.id ?? newClientId(random(ID_BYTES));
  const secret = confidential ? formatSecret(CLIENT_SECRET_PREFIX, random(SECRET_BYTES)) : null;
  const command: CreateClient = {
    kind: 'create_client',
    client: {
      clientId,
      tenantId: options.tenant,
      displayName: options.displayName ?? clientId,
      confidential,
      roles: options.role,
      scopes: options.scope,
    },
    ...(secret === null
      ? {}
      : { secret: { secretId: secretId(random(ID_BYTES)), digest: digestOf(secret), expireTime: null } }),
  };
  await withStore(options, (store) => executeAsOperator(store, command));
  printResult(
    options,
    {
      tenant_id: options.tenant,
      client_id: clientId,
      client_secret: secret,
      roles: options.role,
      scopes: options.scope,
    },
    secret === null ? undefined : 'Keep the secret now: only its digest is stored.',
  );
}

function parseClientId(text: string): string {
  if (!CLIENT_ID_FORM.test(text)) {
    throw new InvalidArgumentError('It must be 1 to 128 of a-z A-Z 0-9 - _ and dots.');
  }
  return text;
}

function collectRole(text: string, before: ClientRole[]): ClientRole[] {
  const role = ROLES.find((each) => each === text);
  if (role === undefined) {
    throw new InvalidArgumentError(`It must be one of ${ROLES.join(', ')}.`);
  }
  return [...before, role];
}
