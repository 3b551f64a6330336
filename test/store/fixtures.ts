/** Commands as the operations make them, and the one tenant that most cases play in. */
import { randomBytes } from 'node:crypto';
import type { Outcome } from '../../src/core/changes.ts';
import type { CreateClient } from '../../src/core/commands/create-client.ts';
import type { CreateSubject } from '../../src/core/commands/create-subject.ts';
import type { CreateTenant } from '../../src/core/commands/create-tenant.ts';
import type { CutOff } from '../../src/core/commands/cut-off.ts';
import type { Issue, IssueAnswer } from '../../src/core/commands/issue.ts';
import type { Refresh, RefreshAnswer } from '../../src/core/commands/refresh.ts';
import type { Revoke } from '../../src/core/commands/revoke.ts';
import type { Digest, Target } from '../../src/core/model.ts';
import { MAX_LIFETIME_MS, policyOfProfile, type TenantPolicy } from '../../src/core/policy.ts';
import { BOX_BYTES, type NewTokens } from '../../src/core/rules/grants.ts';
import { isLive } from '../../src/core/rules/liveness.ts';
import { readTenant } from '../../src/core/services/lookups.ts';
import type { Store } from '../../src/core/services/store.ts';
import type { Tenant } from '../../src/core/tables/tenants.ts';
import { FAMILY_RANDOM_BYTES, newFamilyId } from '../../src/core/token-form.ts';
import { make, type TestClock } from '../support.ts';

/** What an engine's test gives the contract: a store that holds nothing yet. */
export interface Opened {
  readonly store: Store;
  readonly clock: TestClock;
  /** Closes the store and opens what it kept; absent for an engine that keeps nothing. */
  reopen?(): Promise<Store>;
  close(): Promise<void>;
}

/** The store of the running case. */
export interface UnderTest {
  readonly store: Store;
  readonly clock: TestClock;
  /** Closes the store and opens it again; afterwards `store` is the new one. */
  reopen(): Promise<void>;
  /** A case that reopens the store: there is none for an engine that forgets. */
  lasting(name: string, body: () => Promise<void>): void;
}

export const TENANT = 'acme';
export const APP = 'app';
export const ANN = 'user-ann';
/** The store compares it and never looks into it. */
export const HASH = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA';

/** No two alike, and the longest beyond 32 bits. */
export const POLICY: TenantPolicy = {
  defaultTokenLifetimeMs: MAX_LIFETIME_MS - 1,
  longestTokenLifetimeMs: MAX_LIFETIME_MS,
  refreshEnabled: true,
  refreshLifetimeMs: 90_000_001,
  refreshRepeatWindowMs: 60_002,
  loginAttempts: 7,
  loginWindowMs: 3_600_003,
  loginLockPeriodMs: 900_004,
  selfRegistration: false,
  emailVerificationRequired: false,
  phoneVerificationRequired: true,
  exposeFullUsers: true,
  verificationCodeLifetimeMs: 3_600_005,
  resetCodeLifetimeMs: 900_006,
  registrationsPerAddress: 8,
  codesPerAddress: 9,
  consentTokenLifetimeMs: 1_209_600_007,
  consentRefreshLifetimeMs: 7_776_000_008,
  applicationTokenLifetimeMs: 3_600_009,
};

export function aDigest(): Digest {
  return new Uint8Array(randomBytes(32));
}

export function newTokens(): NewTokens {
  return { keyId: '0', accessDigest: aDigest(), refreshDigest: aDigest() };
}

export function aFamilyId(now: number = Date.UTC(2030, 0, 1)): string {
  return newFamilyId(now, randomBytes(FAMILY_RANDOM_BYTES));
}

export function tenantOf(tenantId: string, policy: Partial<TenantPolicy> = {}): CreateTenant {
  return {
    kind: 'create_tenant',
    tenantId,
    displayName: tenantId,
    policy: { ...policyOfProfile('kii'), refreshEnabled: true, ...policy },
    publicScopes: ['read', 'write'],
  };
}

/** A public client besides the tenant's own, which can't be deleted. */
export const PAGE = `${TENANT}.page`;

export function pageOf(): CreateClient {
  const { client } = clientOf(PAGE);
  return { kind: 'create_client', client: { ...client, confidential: false } };
}

export function clientOf(clientId: string, tenantId: string = TENANT): CreateClient {
  return {
    kind: 'create_client',
    client: { clientId, tenantId, displayName: clientId, confidential: true, roles: [], scopes: ['read', 'write'] },
    secret: { secretId: `cs_${clientId}`, digest: aDigest(), expireTime: null },
  };
}

export function subjectOf(overrides: Partial<CreateSubject['subject']> = {}): CreateSubject {
  return {
    kind: 'create_subject',
    subject: {
      subjectId: ANN,
      tenantId: TENANT,
      kind: 'user',
      passwordHash: HASH,
      loginName: null,
      email: null,
      emailVerified: false,
      phone: null,
      phoneVerified: false,
      vendorId: null,
      ...overrides,
    },
  };
}

/** A login of Ann with the app, unless told otherwise. */
export function issueOf(overrides: Partial<Issue> = {}): Issue {
  return {
    kind: 'issue',
    tenantId: TENANT,
    clientId: APP,
    refreshClientId: overrides.clientId ?? APP,
    subjectId: ANN,
    tokenKind: 'USER',
    proof: { by: 'password', passwordHash: HASH },
    counters: [],
    scopes: ['read'],
    familyId: aFamilyId(),
    tokens: newTokens(),
    ...overrides,
  };
}

/** Who holds a pair: of a login, or of a refresh of it. */
export type Holder = Pick<Issue | Refresh, 'familyId' | 'tokens'> & Partial<Pick<Refresh, 'generation'>>;

/** The generation of the pair that somebody holds: a refresh makes the one after that of the token which it presents. */
export function generationIn({ generation = -1 }: Holder): number {
  return generation + 1;
}

/** Presents the refresh token of a pair, genuine unless told otherwise. */
export function refreshOf(holder: Holder, overrides: Partial<Refresh> = {}): Refresh {
  return {
    kind: 'refresh',
    tenantId: TENANT,
    clientId: APP,
    familyId: holder.familyId,
    generation: generationIn(holder),
    digest: holder.tokens.refreshDigest,
    tag: 'genuine',
    tokens: newTokens(),
    box: new Uint8Array(randomBytes(BOX_BYTES)),
    ...overrides,
  };
}

export function revokeFamily(familyId: string, overrides: Partial<Revoke> = {}): Revoke {
  return { kind: 'revoke', tenantId: TENANT, familyId, ...overrides };
}

export function cutOff(
  kind: Target['kind'],
  id: string,
  cause: CutOff['cause'] = 'revoked',
  tenantId: string = TENANT,
): CutOff {
  return { kind: 'cut_off', tenantId, target: { kind, id }, cause };
}

/** The tenant with its app and Ann. */
export async function makeAcme(store: Store, policy: Partial<TenantPolicy> = {}): Promise<void> {
  await make(store, tenantOf(TENANT, policy));
  await make(store, clientOf(APP));
  await make(store, subjectOf());
}

/** Begins a family, and answers what it was begun with. */
export async function begin(store: Store, overrides: Partial<Issue> = {}): Promise<Issue> {
  const command = issueOf(overrides);
  await make(store, command);
  return command;
}

export function answerOf<A>(outcome: Outcome<A>): A {
  if ('refusal' in outcome) {
    throw new Error(`refused: ${outcome.refusal.code}: ${outcome.refusal.message}`);
  }
  return outcome.answer;
}

/** The code of a refusal, or `undefined` of an answer. */
export function refusalOf(outcome: Outcome<unknown>): string | undefined {
  return 'refusal' in outcome ? outcome.refusal.code : undefined;
}

export function isRepeated(answer: IssueAnswer | RefreshAnswer): boolean {
  return 'repeated' in answer;
}

export async function revisionOf(store: Store, tenantId: string = TENANT): Promise<number | undefined> {
  return (await readTenant(store, tenantId))?.revision;
}

export async function readingOf(store: Store, familyId: string, tenantId: string = TENANT) {
  return (await store.readFamily(tenantId, familyId)).reading;
}

export async function generationOf(store: Store, familyId: string): Promise<number | undefined> {
  return (await readingOf(store, familyId))?.family.generation;
}

/** Whether the access token of a pair opens anything now. */
export async function isPairLive({ store, clock }: Pick<UnderTest, 'store' | 'clock'>, holder: Holder) {
  const reading = await readingOf(store, holder.familyId);
  return reading !== undefined && isLive(reading, holder.tokens.accessDigest, clock.now);
}

/** The tenant without the head of its audit log, which every attempt to change it moves. */
export async function settingsOf(store: Store): Promise<Omit<Tenant, 'auditSequence' | 'auditHash'>> {
  const { auditSequence: _, auditHash: __, ...settings } = (await readTenant(store, TENANT)) as Tenant;
  return settings;
}
