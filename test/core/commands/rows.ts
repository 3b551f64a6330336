/** Rows as the rules read them, good in every respect but the ones that a case names. */

import { policyOfProfile, type TenantPolicy } from '../../../src/core/policy.ts';
import { AUDIT_START } from '../../../src/core/rules/audit.ts';
import { BOX_BYTES, PRESENTED_BYTES } from '../../../src/core/rules/grants.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { type Client, type ClientSecret, defaultRegistration } from '../../../src/core/tables/clients.ts';
import type { Code } from '../../../src/core/tables/codes.ts';
import type { Consent } from '../../../src/core/tables/consents.ts';
import type { Family, RefreshState } from '../../../src/core/tables/families.ts';
import type { LoginFailures } from '../../../src/core/tables/login-failures.ts';
import type { Totp } from '../../../src/core/tables/second-factors.ts';
import type { Subject } from '../../../src/core/tables/subjects.ts';
import type { Tenant } from '../../../src/core/tables/tenants.ts';

export const NOW = 1_900_000_000_000;
export const MINUTE = 60_000;
export const FAMILY_ID = 'fm_00000000000000000000000A';

export function tenant({
  policy,
  ...fields
}: Partial<Omit<Tenant, 'policy'>> & { policy?: Partial<TenantPolicy> } = {}): Tenant {
  return {
    tenantId: 'acme',
    displayName: 'Acme',
    disabled: false,
    policy: { ...policyOfProfile('kii'), refreshEnabled: true, ...policy },
    revision: 5,
    cutoff: 0,
    createTime: NOW,
    auditSequence: 0,
    auditHash: AUDIT_START,
    clientVersion: 0,
    logoUri: '',
    accentColor: '',
    ...fields,
  };
}

export function client(fields: Partial<Client> = {}): Client {
  const own = { clientId: 'app', tenantId: 'acme', displayName: 'App', confidential: true, createTime: NOW };
  const standing = { roles: [], scopes: ['read'], disabled: false, cutoff: 0 };
  return { ...own, ...standing, ...defaultRegistration(own), ...fields };
}

export function secret(fields: Partial<ClientSecret> = {}): ClientSecret {
  return { secretId: 'cs_1', clientId: 'app', digest: digestOf('the secret'), expireTime: null, ...fields };
}

export function consent(fields: Partial<Consent> = {}): Consent {
  return {
    consentId: 'co_1',
    tenantId: 'acme',
    subjectId: 'ann',
    clientId: 'app',
    scopes: ['read'],
    cutoff: 0,
    grantTime: NOW,
    withdrawTime: null,
    ...fields,
  };
}

export function subject(fields: Partial<Subject> = {}): Subject {
  return {
    subjectId: 'ann',
    tenantId: 'acme',
    kind: 'user',
    passwordHash: 'the hash',
    disabled: false,
    disabledByOwner: false,
    cutoff: 0,
    createTime: NOW,
    loginName: 'Ann',
    email: 'ann@example.com',
    emailVerified: true,
    phone: null,
    phoneVerified: false,
    pendingPhone: null,
    vendorId: null,
    displayName: '',
    attributes: '{}',
    ownerIds: [],
    pendingEmail: null,
    mfaEnabled: false,
    ...fields,
  };
}

export const ACCESS = digestOf('the current access token');
export const REFRESH = digestOf('the current refresh token');
export const PRESENTED = digestOf('the refresh token that was presented last');
export const OLDER = digestOf('an older token');

export function family({
  refresh = {},
  ...fields
}: Partial<Omit<Family, 'refresh'>> & { refresh?: Partial<RefreshState> | null } = {}): Family {
  const repeat = { presented: PRESENTED.slice(0, PRESENTED_BYTES), repeatUntil: NOW + MINUTE };
  return {
    familyId: FAMILY_ID,
    tenantId: 'acme',
    clientId: 'app',
    refreshClientId: null,
    subjectId: 'ann',
    kind: 'USER',
    scopes: [],
    generation: 3,
    issueRevision: 5,
    issueTime: NOW - MINUTE,
    expireTime: NOW + 100 * MINUTE,
    revokedRevision: null,
    audience: null,
    consentId: null,
    keyId: '0',
    accessDigest: ACCESS,
    accessIssueTime: NOW - MINUTE,
    accessExpireTime: NOW + MINUTE,
    refresh: refresh && { digest: REFRESH, box: new Uint8Array(BOX_BYTES), ...repeat, ...refresh },
    placeAddress: null,
    placeAgent: null,
    visitTime: null,
    ...fields,
  };
}

export function totp(fields: Partial<Totp> = {}): Totp {
  const own = { subjectId: 'ann', tenantId: 'acme', sealed: Uint8Array.of(1, 2, 3), active: true, lastStep: 10 };
  return { ...own, recoveryDigests: [digestOf('recovery 1'), digestOf('recovery 2')], ...fields };
}

export function code(fields: Partial<Code> = {}): Code {
  return {
    subjectId: 'ann',
    purpose: 'verify_email',
    tenantId: 'acme',
    digest: digestOf('12345678'),
    address: 'ann@example.com',
    expireTime: NOW + MINUTE,
    sentCount: 1,
    windowEndTime: NOW + MINUTE,
    ...fields,
  };
}

export const COUNTER = { kind: 'name', key: 'subject:ann' } as const;

export function locked(fields: Partial<LoginFailures> = {}): LoginFailures {
  return {
    tenantId: 'acme',
    key: COUNTER.key,
    count: 9,
    pending: 0,
    windowEndTime: NOW,
    lockEndTime: NOW + MINUTE,
    countTime: NOW,
    ...fields,
  };
}

/** New tokens, as the operation has minted them. */
export const NEW_TOKENS = { keyId: '1', accessDigest: digestOf('new access'), refreshDigest: digestOf('new refresh') };
