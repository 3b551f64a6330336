/** `symbolon resource-server`. */
import { Command, Option } from 'commander';
import type { ResourceServer } from '../../gen/ts/symbolon/v1/resource_server_service.ts';
import { withApi } from './api/open.ts';
import { printPages } from './lists.ts';
import { type TenantOptions, tenantCommand, tenantIn } from './naming.ts';
import { collect, replaced } from './registrations.ts';
import { maskOf } from './subjects.ts';
import { UsageError } from './terminal/failures.ts';
import { printResult, type Result } from './terminal/output.ts';
import { timeText } from './times.ts';

interface ResourceServerOptions extends TenantOptions {
  readonly displayName?: string;
  readonly scope?: string[];
  readonly introspectBy?: string[];
  readonly clearScopes?: boolean;
  readonly clearIntrospectBy?: boolean;
}

const ID = 'its id, an absolute URI: the value of resource and of aud (RFC 8707)';

export function resourceServerCommand(): Command {
  const create = named('create')
    .description('make a service that tokens may be for alone')
    .option('--display-name <name>', 'what people call it (default: its id)')
    .addOption(scopeOption())
    .addOption(clientOption())
    .action(createResourceServer);
  const get = named('get').description('print a resource server').action(getResourceServer);
  const list = tenantCommand(new Command('list'))
    .description('print the resource servers of a tenant')
    .action(listResourceServers);
  const update = named('update')
    .description('change what the flags name; lists take the place of those before')
    .option('--display-name <name>', 'what people call it')
    .addOption(scopeOption())
    .option('--clear-scopes', 'let it know all scopes')
    .addOption(clientOption())
    .option('--clear-introspect-by', 'let no client introspect the tokens that are for it')
    .action(updateResourceServer);
  const remove = named('delete')
    .description('forget it; tokens that are for it are then live for admins alone')
    .action(deleteResourceServer);
  const command = new Command('resource-server').description('services that tokens may be for alone');
  for (const each of [create, get, list, update, remove]) {
    command.addCommand(each);
  }
  return command;
}

function named(verb: string): Command {
  return tenantCommand(new Command(verb).argument('<resource-server>', ID));
}

function scopeOption(): Option {
  return new Option('--scope <scope>', 'a scope that it knows; repeatable (none: it knows all)').argParser(collect);
}

function clientOption(): Option {
  const text = 'a client that may introspect the tokens that are for it; repeatable';
  return new Option('--introspect-by <client-id>', text).argParser(collect);
}

async function createResourceServer(resourceServerId: string, options: ResourceServerOptions): Promise<void> {
  const { displayName = '', scope: scopes = [], introspectBy: clientIds = [] } = options;
  const { resourceServer } = await withApi(options, tenantIn(options), (api) =>
    api.call('createResourceServer', { resourceServerId, displayName, scopes, clientIds }),
  );
  printResult(options, resultOf(resourceServer));
}

async function getResourceServer(resourceServerId: string, options: TenantOptions): Promise<void> {
  const { resourceServer } = await withApi(options, tenantIn(options), (api) =>
    api.call('getResourceServer', { resourceServerId }),
  );
  printResult(options, resultOf(resourceServer));
}

async function listResourceServers(options: TenantOptions): Promise<void> {
  await withApi(options, tenantIn(options), (api) =>
    printPages(options, {
      columns: ['resource_server_id', 'display_name', 'scopes', 'client_ids', 'create_time'],
      none: 'The tenant has no resource server',
      read: async (page) => {
        const { resourceServers, nextPageToken } = await api.call('listResourceServers', page);
        return { rows: resourceServers.map(resultOf), next: nextPageToken };
      },
    }),
  );
}

async function updateResourceServer(resourceServerId: string, options: ResourceServerOptions): Promise<void> {
  const { displayName } = options;
  const scopes = replaced(options.scope, options.clearScopes, '--scope', '--clear-scopes');
  const clientIds = replaced(
    options.introspectBy,
    options.clearIntrospectBy,
    '--introspect-by',
    '--clear-introspect-by',
  );
  const updateMask = maskOf({ display_name: displayName, scopes, client_ids: clientIds });
  if (updateMask.length === 0) {
    throw new UsageError('no change is given. Give --display-name, --scope or --introspect-by: --help lists them');
  }
  const { resourceServer } = await withApi(options, tenantIn(options), (api) =>
    api.call('updateResourceServer', {
      resourceServerId,
      displayName: displayName ?? '',
      scopes: scopes ?? [],
      clientIds: clientIds ?? [],
      updateMask,
    }),
  );
  printResult(options, resultOf(resourceServer));
}

async function deleteResourceServer(resourceServerId: string, options: TenantOptions): Promise<void> {
  const tenantId = tenantIn(options);
  await withApi(options, tenantId, (api) => api.call('deleteResourceServer', { resourceServerId }));
  printResult(options, { tenant_id: tenantId, resource_server_id: resourceServerId });
}

function resultOf(server: ResourceServer | undefined): Result {
  if (server === undefined) {
    return {};
  }
  return {
    tenant_id: server.tenantId,
    resource_server_id: server.resourceServerId,
    display_name: server.displayName,
    scopes: server.scopes,
    client_ids: server.clientIds,
    create_time: timeText(server.createTime),
  };
}
