/** The messages about tenants. */
import type {
  CreateTenantRequest,
  TenantPolicy as PolicyMessage,
  Tenant as TenantMessage,
  UpdateTenantRequest,
} from '../../../gen/ts/symbolon/v1/directory_service.ts';
import type { Tenant } from '../../core/model.ts';
import type { NewTenant, TenantUpdate } from '../../core/operations/directory/tenants.ts';
import { DEFAULT_POLICY, SETTINGS, type Setting, type SettingKey, type TenantPolicy } from '../../core/policy.ts';
import { idOf } from './fields.ts';
import { pathsOf } from './masks.ts';
import { durationOf, millisecondsIn, timestampOf } from './time.ts';

/** A setting's place in a message: durations are called the same, without the unit. */
type Member<Key extends SettingKey> = Key extends `${infer Name}Ms` ? Name : Key;

function memberOf({ key }: Setting): Member<SettingKey> {
  return key.replace(/Ms$/, '') as Member<SettingKey>;
}

/** Its path in a mask. */
function pathOf({ field }: Setting): string {
  return `policy.${field}`;
}

const PATHS = ['display_name', 'policy', ...SETTINGS.map(pathOf)];

/** Those of the settings that are set. The core checks their bounds. */
function policyOf(message: PolicyMessage | undefined): Partial<TenantPolicy> {
  const entries = SETTINGS.map((setting) => [setting.key, message && settingIn(message, setting)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function settingIn(message: PolicyMessage, setting: Setting): boolean | number | undefined {
  const value = message[memberOf(setting)];
  return typeof value === 'object' ? millisecondsIn(value) : value;
}

export function newTenantOf({ tenantId, displayName, policy, publicScopes }: CreateTenantRequest): NewTenant {
  return { tenantId: idOf(tenantId, 'tenant_id'), displayName, policy: policyOf(policy), publicScopes };
}

export function tenantUpdateOf({ tenantId, displayName, policy, updateMask }: UpdateTenantRequest): TenantUpdate {
  const paths = pathsOf(updateMask, PATHS);
  const named = SETTINGS.filter((setting) => paths.has('policy') || paths.has(pathOf(setting)));
  const given = policyOf(policy);
  // What is named and not set gets its default.
  const changed = Object.fromEntries(named.map(({ key }) => [key, given[key] ?? DEFAULT_POLICY[key]]));
  return {
    tenantId: tenantIdOf(tenantId),
    ...(paths.has('display_name') ? { displayName } : {}),
    ...(named.length === 0 ? {} : { policy: changed }),
  };
}

/** Undefined for the caller's own. */
export function tenantIdOf(tenantId: string): string | undefined {
  return tenantId === '' ? undefined : idOf(tenantId, 'tenant_id');
}

export function tenantMessageOf(tenant: Tenant): TenantMessage {
  const { tenantId, displayName, disabled, policy, createTime, revision } = tenant;
  return {
    tenantId,
    displayName,
    disabled,
    policy: policyMessageOf(policy),
    createTime: timestampOf(createTime),
    revision,
  };
}

function policyMessageOf(policy: TenantPolicy): PolicyMessage {
  const entries = SETTINGS.map((setting) => {
    const value = policy[setting.key];
    return [memberOf(setting), setting.kind === 'duration' ? durationOf(Number(value)) : value] as const;
  });
  return Object.fromEntries<unknown>(entries) as unknown as PolicyMessage;
}
