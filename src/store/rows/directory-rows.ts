/** The rows of tenants, clients and subjects, and the words of the core that they stand for. */
import type { Client, ClientRole, ClientSecret, Subject, Tenant } from '../../core/model.ts';
import { type Flag, wordsOf } from './columns.ts';

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
}

export const TENANT_COLUMNS = `tenant_id, display_name, disabled, default_token_lifetime_ms, longest_token_lifetime_ms,
  refresh_enabled, refresh_lifetime_ms, refresh_repeat_window_ms, login_attempts, login_window_ms, login_lock_period_ms,
  revision, cutoff, create_time`;

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
    },
    revision: row.revision,
    cutoff: row.cutoff,
    createTime: row.create_time,
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

export interface ClientSecretRow {
  secret_id: string;
  client_id: string;
  digest: Uint8Array;
  expire_time: number | null;
}

export function clientSecretOf(row: ClientSecretRow): ClientSecret {
  return { secretId: row.secret_id, clientId: row.client_id, digest: row.digest, expireTime: row.expire_time };
}

export interface SubjectRow {
  subject_id: string;
  tenant_id: string;
  kind: 'user' | 'device';
  password_hash: string | null;
  disabled: Flag;
  cutoff: number;
  create_time: number;
  login_name: string | null;
  email: string | null;
  email_verified: Flag;
  phone: string | null;
  phone_verified: Flag;
  vendor_id: string | null;
}

export const SUBJECT_COLUMNS = `subject_id, tenant_id, kind, password_hash, disabled, cutoff, create_time, login_name, email,
  email_verified, phone, phone_verified, vendor_id`;

export function subjectOf(row: SubjectRow): Subject {
  return {
    subjectId: row.subject_id,
    tenantId: row.tenant_id,
    kind: row.kind,
    passwordHash: row.password_hash,
    disabled: Boolean(row.disabled),
    cutoff: row.cutoff,
    createTime: row.create_time,
    loginName: row.login_name,
    email: row.email,
    emailVerified: Boolean(row.email_verified),
    phone: row.phone,
    phoneVerified: Boolean(row.phone_verified),
    vendorId: row.vendor_id,
  };
}
