/** The rows of tenants and clients, and the words of the core that they stand for. */
import type { Client, ClientRole, ClientSecret, Tenant } from '../../core/model.ts';
import { columnsOf, type Flag, textOf, wordsOf } from './columns.ts';

export interface TenantRow {
  tenant_id: string;
  display_name: string;
  disabled: Flag;
  default_token_lifetime_ms: number;
  longest_token_lifetime_ms: number;
  refresh_enabled: Flag;
  refresh_lifetime_ms: number;
  refresh_repeat_window_ms: number;
  login_attempts: number;
  login_window_ms: number;
  login_lock_period_ms: number;
  revision: number;
  cutoff: number;
  create_time: number;
  self_registration: Flag;
  email_verification_required: Flag;
  phone_verification_required: Flag;
  expose_full_users: Flag;
  verification_code_lifetime_ms: number;
  reset_code_lifetime_ms: number;
  audit_sequence: number;
  audit_hash: Uint8Array;
}

export const TENANT_COLUMNS = `tenant_id, display_name, disabled, default_token_lifetime_ms, longest_token_lifetime_ms,
  refresh_enabled, refresh_lifetime_ms, refresh_repeat_window_ms, login_attempts, login_window_ms, login_lock_period_ms,
  revision, cutoff, create_time, self_registration, email_verification_required, phone_verification_required,
  expose_full_users, verification_code_lifetime_ms, reset_code_lifetime_ms, audit_sequence, audit_hash`;

/** What an update of a tenant may change. */
export const TENANT_SETTINGS =
  columnsOf(`display_name, default_token_lifetime_ms, longest_token_lifetime_ms, refresh_enabled,
  refresh_lifetime_ms, refresh_repeat_window_ms, login_attempts, login_window_ms, login_lock_period_ms, self_registration,
  email_verification_required, phone_verification_required, expose_full_users, verification_code_lifetime_ms,
  reset_code_lifetime_ms`);

export function tenantOf(row: TenantRow): Tenant {
  return {
    tenantId: row.tenant_id,
    displayName: row.display_name,
    disabled: Boolean(row.disabled),
    policy: {
      defaultTokenLifetimeMs: row.default_token_lifetime_ms,
      longestTokenLifetimeMs: row.longest_token_lifetime_ms,
      refreshEnabled: Boolean(row.refresh_enabled),
      refreshLifetimeMs: row.refresh_lifetime_ms,
      refreshRepeatWindowMs: row.refresh_repeat_window_ms,
      loginAttempts: row.login_attempts,
      loginWindowMs: row.login_window_ms,
      loginLockPeriodMs: row.login_lock_period_ms,
      selfRegistration: Boolean(row.self_registration),
      emailVerificationRequired: Boolean(row.email_verification_required),
      phoneVerificationRequired: Boolean(row.phone_verification_required),
      exposeFullUsers: Boolean(row.expose_full_users),
      verificationCodeLifetimeMs: row.verification_code_lifetime_ms,
      resetCodeLifetimeMs: row.reset_code_lifetime_ms,
    },
    revision: row.revision,
    cutoff: row.cutoff,
    createTime: row.create_time,
    auditSequence: row.audit_sequence,
    auditHash: row.audit_hash,
  };
}

export function tenantRow({ policy, ...tenant }: Tenant): TenantRow {
  return {
    tenant_id: tenant.tenantId,
    display_name: tenant.displayName,
    disabled: tenant.disabled,
    default_token_lifetime_ms: policy.defaultTokenLifetimeMs,
    longest_token_lifetime_ms: policy.longestTokenLifetimeMs,
    refresh_enabled: policy.refreshEnabled,
    refresh_lifetime_ms: policy.refreshLifetimeMs,
    refresh_repeat_window_ms: policy.refreshRepeatWindowMs,
    login_attempts: policy.loginAttempts,
    login_window_ms: policy.loginWindowMs,
    login_lock_period_ms: policy.loginLockPeriodMs,
    revision: tenant.revision,
    cutoff: tenant.cutoff,
    create_time: tenant.createTime,
    self_registration: policy.selfRegistration,
    email_verification_required: policy.emailVerificationRequired,
    phone_verification_required: policy.phoneVerificationRequired,
    expose_full_users: policy.exposeFullUsers,
    verification_code_lifetime_ms: policy.verificationCodeLifetimeMs,
    reset_code_lifetime_ms: policy.resetCodeLifetimeMs,
    audit_sequence: tenant.auditSequence,
    audit_hash: tenant.auditHash,
  };
}

export interface ClientRow {
  client_id: string;
  tenant_id: string;
  display_name: string;
  confidential: Flag;
  roles: string;
  scopes: string;
  disabled: Flag;
  cutoff: number;
  create_time: number;
}

export const CLIENT_COLUMNS =
  'client_id, tenant_id, display_name, confidential, roles, scopes, disabled, cutoff, create_time';

/** What an update of a client may change. */
export const CLIENT_SETTINGS = ['display_name', 'roles', 'scopes'] as const;

export function clientOf(row: ClientRow): Client {
  return {
    clientId: row.client_id,
    tenantId: row.tenant_id,
    displayName: row.display_name,
    confidential: Boolean(row.confidential),
    roles: wordsOf(row.roles) as ClientRole[],
    scopes: wordsOf(row.scopes),
    disabled: Boolean(row.disabled),
    cutoff: row.cutoff,
    createTime: row.create_time,
  };
}

export function clientRow(client: Client): ClientRow {
  return {
    client_id: client.clientId,
    tenant_id: client.tenantId,
    display_name: client.displayName,
    confidential: client.confidential,
    roles: textOf(client.roles),
    scopes: textOf(client.scopes),
    disabled: client.disabled,
    cutoff: client.cutoff,
    create_time: client.createTime,
  };
}

export interface ClientSecretRow {
  secret_id: string;
  client_id: string;
  digest: Uint8Array;
  expire_time: number | null;
}

export const CLIENT_SECRET_COLUMNS = 'secret_id, client_id, digest, expire_time';

export function clientSecretOf(row: ClientSecretRow): ClientSecret {
  return { secretId: row.secret_id, clientId: row.client_id, digest: row.digest, expireTime: row.expire_time };
}

export function clientSecretRow({ secretId, clientId, digest, expireTime }: ClientSecret): ClientSecretRow {
  return { secret_id: secretId, client_id: clientId, digest, expire_time: expireTime };
}
