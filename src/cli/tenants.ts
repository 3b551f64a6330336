import { Command, InvalidArgumentError, Option } from 'commander';
import type { Tenant } from '../../gen/ts/symbolon/v1/tenant_service.ts';
import { given } from '../core/given.ts';
import { SCOPE_FORM, TENANT_ID_FORM } from '../core/names.ts';
import { POLICY_PROFILES, type PolicyProfile, policyOfProfile, type TenantPolicy } from '../core/policy.ts';
import { type ApiOptions, withApi, withApiOptions } from './api/open.ts';
import { endingCommands } from './ending.ts';
import { printPages } from './lists.ts';
import { policyMessage, policyOf, policyOptions, policyResult } from './policy.ts';
import { brandResult } from './registrations.ts';
import { maskOf } from './subjects.ts';
import { UsageError } from './terminal/failures.ts';
import { jsonOption, type OutputOptions, printResult, type Result } from './terminal/output.ts';
import { timeText } from './times.ts';

/** And those of the policy. */
interface TenantOptions extends OutputOptions, ApiOptions {
  readonly displayName?: string;
  readonly logo?: string;
  readonly accentColor?: string;
  readonly publicScope: string[];
  /** Absent when a tenant is changed. */
  readonly profile: PolicyProfile;
}

/** `symbolon tenant`. */
export function tenantCommand(): Command {
  const create = new Command('create')
    .description('make a tenant, with a public client of the same id (the appID of legacy clients)')
    .argument('<tenant-id>', 'lower-case letters, digits, - and _, at most 63', parseTenantId)
    .option('--display-name <name>', 'what people call it (default: its id)')
    .addOption(
      new Option('--public-scope <scope>', 'a scope that the public client may ask for; repeatable')
        .default([], 'none')
        .argParser(collectScope),
    )
    .addOption(
      new Option(
        '--profile <profile>',
        'whose clients the tenant is for; what else is given is stronger. kii: tokens of 68 years, no refresh tokens, open registration',
      )
        .choices(POLICY_PROFILES)
        .default('standard'),
    )
    .addOption(jsonOption())
    .action(createTenant);
  const update = new Command('update')
    .description('change what the flags name, from the next login on; the rest stays as it is')
    .argument('<tenant-id>', 'id of the tenant', parseTenantId)
    .option('--display-name <name>', 'what people call it')
    .addOption(jsonOption())
    .action(updateTenant);
  for (const each of [create, update]) {
    each
      .option('--logo <uri>', 'the logo of its pages, an https URI; "" for none')
      .option('--accent-color <color>', 'the colour of its pages, such as #0a7cff; "" for the pages’ own');
  }
  for (const option of policyOptions({ withDefaults: true })) {
    create.addOption(option);
  }
  for (const option of policyOptions({ withDefaults: false })) {
    update.addOption(option);
  }
  const get = new Command('get')
    .description('print a tenant with its whole policy')
    .argument('<tenant-id>', 'id of the tenant', parseTenantId)
    .addOption(jsonOption())
    .action(getTenant);
  const list = new Command('list').description('print all tenants').addOption(jsonOption()).action(listTenants);
  const command = new Command('tenant').description('tenants');
  for (const each of [create, get, list, update]) {
    command.addCommand(withApiOptions(each));
  }
  for (const each of endingCommands('tenant')) {
    command.addCommand(each);
  }
  return command;
}

async function createTenant(tenantId: string, options: TenantOptions): Promise<void> {
  const { policy } = policyMessage(policyOf(options, policyOfProfile(options.profile)));
  const { displayName = '', publicScope: publicScopes, logo: logoUri, accentColor } = options;
  const { tenant } = await withApi(options, '', (api) =>
    api.call('createTenant', { tenantId, displayName, policy, publicScopes, ...given({ logoUri, accentColor }) }),
  );
  printResult(options, tenantResult(tenant));
}

async function getTenant(tenantId: string, options: ApiOptions & OutputOptions): Promise<void> {
  const { tenant } = await withApi(options, '', (api) => api.call('getTenant', { tenantId }));
  printResult(options, tenantResult(tenant));
}

async function listTenants(options: ApiOptions & OutputOptions): Promise<void> {
  await withApi(options, '', (api) =>
    printPages(options, {
      columns: ['tenant_id', 'display_name', 'disabled', 'create_time'],
      none: 'There is no tenant. Make one with symbolon tenant create',
      read: async (page) => {
        const { tenants, nextPageToken } = await api.call('listTenants', page);
        return { rows: tenants.map(tenantRow), next: nextPageToken };
      },
    }),
  );
}

async function updateTenant(tenantId: string, options: TenantOptions): Promise<void> {
  const { policy, paths } = policyMessage(policyOf<Partial<TenantPolicy>>(options, {}));
  const { displayName, logo: logoUri, accentColor } = options;
  const updateMask = [...maskOf({ display_name: displayName, logo_uri: logoUri, accent_color: accentColor }), ...paths];
  if (updateMask.length === 0) {
    throw new UsageError(
      'no change is given. Give --display-name, --logo, --accent-color or a flag of the policy: --help lists them',
    );
  }
  const { tenant } = await withApi(options, '', (api) =>
    api.call('updateTenant', { tenantId, ...given({ displayName, logoUri, accentColor }), policy, updateMask }),
  );
  printResult(options, tenantResult(tenant));
}

function tenantRow(tenant: Tenant): Result {
  const { tenantId, displayName, disabled, createTime, revision } = tenant;
  return { tenant_id: tenantId, display_name: displayName, disabled, create_time: timeText(createTime), revision };
}

function tenantResult(tenant: Tenant | undefined): Result {
  return tenant === undefined ? {} : { ...tenantRow(tenant), ...brandResult(tenant), ...policyResult(tenant.policy) };
}

function parseTenantId(text: string): string {
  if (!TENANT_ID_FORM.test(text)) {
    throw new InvalidArgumentError(
      'It must be 1 to 63 lower-case letters, digits, - and _, beginning with a letter or digit.',
    );
  }
  return text;
}

/** Gathers a repeated `--scope`-like option. */
function collectScope(text: string, before: string[]): string[] {
  if (!SCOPE_FORM.test(text)) {
    throw new InvalidArgumentError('It must be a scope (RFC 6749 section 3.3): no spaces, quotes or backslashes.');
  }
  return [...before, text];
}
