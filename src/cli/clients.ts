/** `symbolon client`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Client } from '../../gen/ts/symbolon/v1/client_service.ts';
import { parseDuration } from '../config/flags.ts';
import { given } from '../core/given.ts';
import type { ClientRole } from '../core/tables/clients.ts';
import type { Api } from './api/api.ts';
import { withApi } from './api/open.ts';
import { type EndingOptions, endingCommands, endLogins, named } from './ending.ts';
import { printPages } from './lists.ts';
import { type TenantOptions, targetCommand, tenantCommand, tenantIn } from './naming.ts';
import {
  collect,
  type RegistrationOptions,
  registrationMask,
  registrationOf,
  registrationResult,
  replaced,
  withRegistration,
} from './registrations.ts';
import { maskOf } from './subjects.ts';
import { yesOption } from './terminal/confirm.ts';
import { UsageError } from './terminal/failures.ts';
import { printResult, type Result } from './terminal/output.ts';
import { timeText, toDuration } from './times.ts';
import { waitedResult, waitOf, waitOption } from './waiting.ts';

interface ClientOptions extends TenantOptions, RegistrationOptions {
  readonly id?: string;
  readonly displayName?: string;
  readonly role?: ClientRole[];
  readonly scope?: string[];
  readonly public?: boolean;
  readonly clearRoles?: boolean;
  readonly clearScopes?: boolean;
}

interface SecretOptions extends EndingOptions {
  readonly expireOthersIn?: number;
  readonly reset?: boolean;
}

/** As ts-proto numbers them. */
const ROLES = { admin: 1, introspect: 2, operator: 3 } as const satisfies Record<ClientRole, number>;
const ROLE_NAMES = Object.keys(ROLES) as ClientRole[];
const KEEP = 'Keep the secret now: only its digest is stored.';
const ROLE =
  'admin: everything in its tenant; introspect: may introspect; operator: makes and manages all tenants; repeatable';

export function clientCommand(): Command {
  const create = withRegistration(tenantCommand(new Command('create'), 'id of the tenant that it belongs to'), true)
    .description('make a client; its secret is printed once and can’t be told again')
    .option('--id <client-id>', 'its id, unique across tenants (default: a random one)')
    .option('--display-name <name>', 'what people call it (default: its id)')
    .addOption(new Option('--role <role>', ROLE).argParser(collectRole))
    .addOption(new Option('--scope <scope>', 'a scope that it may ask for; repeatable').argParser(collect))
    .option('--public', 'without a secret: it only names itself')
    .action(createClient);
  const get = targetCommand('client', 'get')
    .description('print a client, with the ids of its secrets')
    .action(getClient);
  const list = tenantCommand(new Command('list')).description('print the clients of a tenant').action(listClients);
  const update = withRegistration(targetCommand('client', 'update'), false)
    .description('change what the flags name; lists take the place of those before')
    .option('--display-name <name>', 'what people call it')
    .addOption(new Option('--role <role>', ROLE).argParser(collectRole))
    .option('--clear-roles', 'take all of its roles away')
    .addOption(new Option('--scope <scope>', 'a scope that it may ask for; repeatable').argParser(collect))
    .option('--clear-scopes', 'take all of its scopes away')
    .action(updateClient);
  const addSecret = targetCommand('client', 'add-secret')
    .description('give it another secret, which is printed once; its other secrets stay good unless you say otherwise')
    .addOption(
      new Option(
        '--expire-others-in <duration>',
        'how long its other secrets stay good, for example 7d; 0s ends them now',
      ).argParser(parseDuration),
    )
    .option('--reset', 'when a secret leaked: end its other secrets and all of its tokens now')
    .addOption(waitOption())
    .addOption(yesOption())
    .action(addClientSecret);
  const expireSecret = targetCommand('client', 'expire-secret')
    .description('end one of its secrets; its tokens stay')
    .requiredOption('--secret-id <secret-id>', 'the secret (cs_…): symbolon client get prints them')
    .action(expireClientSecret);
  const command = new Command('client').description('clients');
  for (const each of [create, get, list, update, addSecret, expireSecret, ...endingCommands('client')]) {
    command.addCommand(each);
  }
  return command;
}

async function createClient(options: ClientOptions): Promise<void> {
  const { id: clientId = '', displayName = '', role = [], scope: scopes = [] } = options;
  const confidential = options.public !== true;
  if (!confidential && role.length > 0) {
    throw new UsageError('--public is given with --role: a client without a secret can’t have a role. Leave one out');
  }
  const tenantId = tenantIn(options);
  const roles = role.map((name) => ROLES[name]);
  const { client, clientSecret } = await withApi(options, tenantId, (api) =>
    api.call('createClient', {
      ...{ tenantId, clientId, displayName, confidential, roles, scopes },
      ...given(registrationOf(options)),
    }),
  );
  const secret = clientSecret === '' ? null : clientSecret;
  const made = {
    tenant_id: client?.tenantId ?? null,
    client_id: client?.clientId ?? null,
    client_secret: secret,
    roles: roleNames(client),
    scopes: client?.scopes ?? [],
    ...(client === undefined ? {} : registrationResult(client)),
  };
  printResult(options, made, secret === null ? undefined : KEEP);
}

async function getClient(clientId: string, options: TenantOptions): Promise<void> {
  const { client } = await withApi(options, tenantIn(options), (api) => api.call('getClient', { clientId }));
  const secrets = client?.secrets ?? [];
  const texts = secrets.map(({ secretId, expireTime }) =>
    expireTime === undefined ? secretId : `${secretId}:${timeText(expireTime)}`,
  );
  printResult(options, { ...clientResult(client), secrets: texts });
}

async function listClients(options: TenantOptions): Promise<void> {
  await withApi(options, tenantIn(options), (api) =>
    printPages(options, {
      columns: ['client_id', 'display_name', 'confidential', 'roles', 'scopes', 'disabled', 'create_time'],
      none: 'The tenant has no client',
      read: async (page) => {
        const { clients, nextPageToken } = await api.call('listClients', page);
        return { rows: clients.map(clientResult), next: nextPageToken };
      },
    }),
  );
}

async function updateClient(clientId: string, options: ClientOptions): Promise<void> {
  const { displayName } = options;
  const roles = replaced(options.role, options.clearRoles, '--role', '--clear-roles');
  const scopes = replaced(options.scope, options.clearScopes, '--scope', '--clear-scopes');
  const registration = registrationOf(options);
  const updateMask = maskOf({ display_name: displayName, roles, scopes, ...registrationMask(registration) });
  if (updateMask.length === 0) {
    throw new UsageError('no change is given. Give --display-name, --role, --scope or another: --help lists them');
  }
  const { client } = await withApi(options, tenantIn(options), (api) =>
    api.call('updateClient', {
      clientId,
      displayName: displayName ?? '',
      roles: (roles ?? []).map((name) => ROLES[name]),
      scopes: scopes ?? [],
      ...given(registration),
      updateMask,
    }),
  );
  printResult(options, clientResult(client));
}

async function addClientSecret(clientId: string, options: SecretOptions): Promise<void> {
  const { reset = false, expireOthersIn } = options;
  if (reset && expireOthersIn !== undefined) {
    throw new UsageError('--reset is given with --expire-others-in: it ends the others now. Leave one out');
  }
  const tenantId = tenantIn(options);
  const others = expireOthersIn === undefined ? {} : { othersExpireIn: toDuration(expireOthersIn) };
  if (options.wait === true && !reset) {
    throw new UsageError('--wait is given without --reset: no token ends then. Leave it out');
  }
  const add = (api: Api) => api.call('addClientSecret', { clientId, reset, ...others, ...waitOf(options) });
  const { answer, ended, note } = reset
    ? await endLogins(options, { kind: 'client', tenantId, name: clientId }, add)
    : { answer: await withApi(options, tenantId, add), ended: {}, note: undefined };
  const added = { client_secret: answer.clientSecret, secret_id: answer.secretId, revision: answer.revision };
  const notes = note === undefined ? KEEP : `${note} ${KEEP}`;
  const waited = waitedResult(answer.verifiers);
  printResult(options, { ...named('client', tenantId, clientId), ...added, ...ended, ...waited }, notes);
}

async function expireClientSecret(clientId: string, options: TenantOptions & { secretId: string }): Promise<void> {
  const tenantId = tenantIn(options);
  const { secretId } = options;
  await withApi(options, tenantId, (api) => api.call('expireClientSecret', { clientId, secretId }));
  printResult(options, { ...named('client', tenantId, clientId), secret_id: secretId });
}

function clientResult(client: Client | undefined): Result {
  if (client === undefined) {
    return {};
  }
  return {
    tenant_id: client.tenantId,
    client_id: client.clientId,
    display_name: client.displayName,
    confidential: client.confidential,
    roles: roleNames(client),
    scopes: client.scopes,
    disabled: client.disabled,
    create_time: timeText(client.createTime),
    ...registrationResult(client),
  };
}

function roleNames(client: Client | undefined): string[] {
  return (client?.roles ?? []).map((role) => ROLE_NAMES.find((name) => ROLES[name] === role) ?? String(role));
}

function collectRole(text: string, before: ClientRole[] = []): ClientRole[] {
  const role = ROLE_NAMES.find((each) => each === text);
  if (role === undefined) {
    throw new InvalidArgumentError(`It must be one of ${ROLE_NAMES.join(', ')}.`);
  }
  return [...before, role];
}
