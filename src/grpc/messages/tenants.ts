/** The messages about tenants. */
import type { Duration } from '../../../gen/ts/google/protobuf/duration.ts';
import type {
  CreateTenantRequest,
  TenantPolicy as PolicyMessage,
  Tenant as TenantMessage,
  UpdateTenantRequest,
} from '../../../gen/ts/symbolon/v1/directory_service.ts';
import { DEFAULT_POLICY, LONGEST_LIFETIME_MS } from '../../core/lifetimes.ts';
import type { Tenant, TenantPolicy } from '../../core/model.ts';
import type { NewTenant, TenantUpdate } from '../../core/operations/directory/tenants.ts';
import { idOf } from './fields.ts';
import { pathsOf } from './masks.ts';
import { durationOf, millisecondsOf, timestampOf } from './time.ts';

const DURATIONS = [
  ['defaultTokenLifetime', 'default_token_lifetime', 'defaultTokenLifetimeMs'],
  ['longestTokenLifetime', 'longest_token_lifetime', 'longestTokenLifetimeMs'],
  ['refreshLifetime', 'refresh_lifetime', 'refreshLifetimeMs'],
  ['refreshRepeatWindow', 'refresh_repeat_window', 'refreshRepeatWindowMs'],
  ['loginWindow', 'login_window', 'loginWindowMs'],
  ['loginLockPeriod', 'login_lock_period', 'loginLockPeriodMs'],
  ['verificationCodeLifetime', 'verification_code_lifetime', 'verificationCodeLifetimeMs'],
  ['resetCodeLifetime', 'reset_code_lifetime', 'resetCodeLifetimeMs'],
] as const;

/** Of the same name in the core. */
const SCALARS = [
  ['refreshEnabled', 'refresh_enabled'],
  ['loginAttempts', 'login_attempts'],
  ['selfRegistration', 'self_registration'],
  ['emailVerificationRequired', 'email_verification_required'],
  ['phoneVerificationRequired', 'phone_verification_required'],
  ['exposeFullUsers', 'expose_full_users'],
] as const;

/** Each field of the policy: its path in a mask, its name in the core, and what of a message it is. */
const POLICY_FIELDS: readonly {
  readonly path: string;
  readonly name: keyof TenantPolicy;
  readonly readFrom: (message: PolicyMessage) => number | boolean | undefined;
}[] = [
  ...DURATIONS.map(([field, path, name]) => ({
    path: `policy.${path}`,
    name,
    readFrom: (message: PolicyMessage) => lifetimeOf(message[field], path),
  })),
  ...SCALARS.map(([name, path]) => ({
    path: `policy.${path}`,
    name,
    readFrom: (message: PolicyMessage) => message[name],
  })),
];

const PATHS = ['display_name', 'policy', ...POLICY_FIELDS.map(({ path }) => path)];

function lifetimeOf(duration: Duration | undefined, field: string): number | undefined {
  return duration && millisecondsOf(duration, field, LONGEST_LIFETIME_MS);
}

/** Those of the fields that are set. */
function policyOf(message: PolicyMessage | undefined): Partial<TenantPolicy> {
  const entries = POLICY_FIELDS.map(({ name, readFrom }) => [name, message && readFrom(message)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

export function newTenantOf({ tenantId, displayName, policy, publicScopes }: CreateTenantRequest): NewTenant {
  return { tenantId: idOf(tenantId, 'tenant_id'), displayName, policy: policyOf(policy), publicScopes };
}

export function tenantUpdateOf({ tenantId, displayName, policy, updateMask }: UpdateTenantRequest): TenantUpdate {
  const paths = pathsOf(updateMask, PATHS);
  const named = POLICY_FIELDS.filter(({ path }) => paths.has('policy') || paths.has(path)).map(({ name }) => name);
  const given: Partial<TenantPolicy> = policyOf(policy);
  // What is named and not set gets its default.
  const changed = Object.fromEntries(named.map((name) => [name, given[name] ?? DEFAULT_POLICY[name]]));
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
  const durations = DURATIONS.map(([field, , name]) => [field, durationOf(policy[name])] as const);
  const scalars = SCALARS.map(([name]) => [name, policy[name]] as const);
  return Object.fromEntries<unknown>([...durations, ...scalars]) as unknown as PolicyMessage;
}
