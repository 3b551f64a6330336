import { Command, InvalidArgumentError, Option } from 'commander';
import type { StoreOptions } from '../config/store.ts';
import { SCOPE_FORM, TENANT_ID_FORM } from '../core/names.ts';
import { POLICY_PROFILES, type PolicyProfile, policyOfProfile, type TenantPolicy } from '../core/policy.ts';
import { endingCommands } from './ending.ts';
import { displayNameOption } from './naming.ts';
import { jsonOption, type OutputOptions, printResult } from './output.ts';
import { policyOf, policyOptions, policyResult } from './policy.ts';
import { executeAsOperator, onStore, withStore } from './workspace.ts';

/** And those of the policy. */
interface TenantOptions extends OutputOptions, StoreOptions {
  readonly displayName?: string;
  readonly publicScope: string[];
  /** Absent when a tenant is changed. */
  readonly profile: PolicyProfile;
}

/** `symbolon tenant`. */
export function tenantCommand(): Command {
  const create = new Command('create')
    .description('make a tenant, with a public client of the same id (the appID of legacy clients)')
    .argument('<tenant-id>', 'lower-case letters, digits, - and _, at most 63', parseTenantId)
    .addOption(displayNameOption('what people call it (default: its id)'))
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
    .addOption(displayNameOption('what people call it'))
    .addOption(jsonOption())
    .action(updateTenant);
  for (const option of policyOptions({ withDefaults: true })) {
    create.addOption(option);
  }
  for (const option of policyOptions({ withDefaults: false })) {
    update.addOption(option);
  }
  const command = new Command('tenant').description('tenants').addCommand(onStore(create)).addCommand(onStore(update));
  for (const each of endingCommands('tenant')) {
    command.addCommand(each);
  }
  return command;
}

async function createTenant(tenantId: string, options: TenantOptions): Promise<void> {
  const policy = policyOf(options, policyOfProfile(options.profile));
  const displayName = options.displayName ?? tenantId;
  await withStore(options, (store) =>
    executeAsOperator(store, {
      kind: 'create_tenant',
      tenantId,
      displayName,
      policy,
      publicScopes: options.publicScope,
    }),
  );
  printResult(options, { tenant_id: tenantId, display_name: displayName, refresh: policy.refreshEnabled });
}

async function updateTenant(tenantId: string, options: TenantOptions): Promise<void> {
  const policy: Partial<TenantPolicy> = policyOf(options, {});
  const { displayName } = options;
  if (displayName === undefined && Object.keys(policy).length === 0) {
    throw new Error('no change is given. Give --display-name or a flag of the policy: --help lists them');
  }
  const { tenant } = await withStore(options, (store) =>
    executeAsOperator(store, {
      kind: 'update_tenant',
      tenantId,
      policy,
      ...(displayName === undefined ? {} : { displayName }),
    }),
  );
  printResult(options, {
    tenant_id: tenantId,
    display_name: tenant.displayName,
    ...policyResult(tenant.policy),
  });
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
export function collectScope(text: string, before: string[]): string[] {
  if (!SCOPE_FORM.test(text)) {
    throw new InvalidArgumentError('It must be a scope (RFC 6749 section 3.3): no spaces, quotes or backslashes.');
  }
  return [...before, text];
}
