/** The messages about tenants. */
import {
  type CreateTenantRequest,
  type TenantPolicy as PolicyMessage,
  PolicyProfile as PolicyProfileMessage,
  type Tenant as TenantMessage,
  type UpdateTenantRequest,
} from '../../../gen/ts/symbolon/v1/tenant_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { NewTenant, TenantUpdate } from '../../core/operations/tenants.ts';
import {
  DEFAULT_POLICY,
  type PolicyProfile,
  SETTINGS,
  type Setting,
  type SettingKey,
  type TenantPolicy,
} from '../../core/policy.ts';
import type { Tenant } from '../../core/tables/tenants.ts';
import { parseId } from './fields.ts';
import { parsePaths } from './masks.ts';
import { millisecondsIn, toDuration, toTimestamp } from './time.ts';

/** A setting's place in a message: durations are called the same, without the unit. */
type Member<Key extends SettingKey> = Key extends `${infer Name}Ms` ? Name : Key;

function memberOf({ key }: Setting): Member<SettingKey> {
  return key.replace(/Ms$/, '') as Member<SettingKey>;
}

/** Its path in a mask. */
function pathOf({ field }: Setting): string {
  return `policy.${field}`;
}

const PATHS = ['display_name', 'logo_uri', 'accent_color', 'policy', ...SETTINGS.map(pathOf)];

/** Those of the settings that are set. The core checks their bounds. */
function parsePolicy(message: PolicyMessage | undefined): Partial<TenantPolicy> {
  const entries = SETTINGS.map((setting) => [setting.key, message && settingIn(message, setting)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function settingIn(message: PolicyMessage, setting: Setting): boolean | number | undefined {
  const value = message[memberOf(setting)];
  return typeof value === 'object' ? millisecondsIn(value) : value;
}

const PROFILES = new Map<number, PolicyProfile>([
  [PolicyProfileMessage.UNSPECIFIED, 'standard'],
  [PolicyProfileMessage.STANDARD, 'standard'],
  [PolicyProfileMessage.KII, 'kii'],
]);

function parseProfile(message: PolicyProfileMessage): PolicyProfile {
  const profile = PROFILES.get(message);
  if (profile === undefined) {
    throw new SymbolonError('invalid_argument', 'profile must be a PolicyProfile');
  }
  return profile;
}

export function parseNewTenant(message: CreateTenantRequest): NewTenant {
  const { tenantId, displayName, profile, policy, publicScopes, logoUri, accentColor } = message;
  return {
    tenantId: parseId(tenantId, 'tenant_id'),
    displayName,
    profile: parseProfile(profile),
    policy: parsePolicy(policy),
    publicScopes,
    logoUri,
    accentColor,
  };
}

export function parseTenantUpdate(message: UpdateTenantRequest): TenantUpdate {
  const { tenantId, displayName, logoUri, accentColor, policy, updateMask } = message;
  const paths = parsePaths(updateMask, PATHS);
  const named = SETTINGS.filter((setting) => paths.has('policy') || paths.has(pathOf(setting)));
  const given = parsePolicy(policy);
  // What is named and not set gets its default.
  const changed = Object.fromEntries(named.map(({ key }) => [key, given[key] ?? DEFAULT_POLICY[key]]));
  return {
    tenantId: parseTenantId(tenantId),
    ...(paths.has('display_name') ? { displayName } : {}),
    ...(paths.has('logo_uri') ? { logoUri } : {}),
    ...(paths.has('accent_color') ? { accentColor } : {}),
    ...(named.length === 0 ? {} : { policy: changed }),
  };
}

/** Undefined for the caller's own. */
export function parseTenantId(tenantId: string): string | undefined {
  return tenantId === '' ? undefined : parseId(tenantId, 'tenant_id');
}

export function toTenantMessage(tenant: Tenant): TenantMessage {
  const { tenantId, displayName, disabled, policy, createTime, revision, logoUri, accentColor } = tenant;
  return {
    tenantId,
    displayName,
    disabled,
    policy: toPolicyMessage(policy),
    createTime: toTimestamp(createTime),
    revision,
    logoUri,
    accentColor,
  };
}

export function toPolicyMessage(policy: TenantPolicy): PolicyMessage {
  const entries = SETTINGS.map((setting) => {
    const value = policy[setting.key];
    return [memberOf(setting), setting.kind === 'duration' ? toDuration(Number(value)) : value] as const;
  });
  return Object.fromEntries<unknown>(entries) as unknown as PolicyMessage;
}
