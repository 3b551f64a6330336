/** Commands as the operations make them, and the one tenant that most cases play in. */
import { randomBytes } from 'node:crypto';
import type { Command, Issue, IssueAnswer, NewTokens, Outcome, Principal, Refresh } from '../../src/core/commands.ts';
import type { CreateClient, CreateSubject } from '../../src/core/directory-commands.ts';
import { familyId, ID_BYTES, tokenId } from '../../src/core/ids.ts';
import { DEFAULT_POLICY, LONGEST_LIFETIME_MS } from '../../src/core/lifetimes.ts';
import type { Digest, Tenant, TenantPolicy } from '../../src/core/model.ts';
import type { Store } from '../../src/core/store.ts';
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
}

export const TENANT = 'acme';
export const APP = 'app';
export const ANN = 'user-ann';
/** The store compares it and never looks into it. */
export const HASH = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA';

/** No two alike, and the longest beyond 32 bits. */
export const POLICY: TenantPolicy = {
  defaultTokenLifetimeMs: LONGEST_LIFETIME_MS - 1,
  longestTokenLifetimeMs: LONGEST_LIFETIME_MS,
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
};

export function aDigest(): Digest {
  return new Uint8Array(randomBytes(32));
}

export function newTokens(): NewTokens {
  return {
    accessTokenId: tokenId(randomBytes(ID_BYTES)),
    accessDigest: aDigest(),
    refreshTokenId: tokenId(randomBytes(ID_BYTES)),
    refreshDigest: aDigest(),
  };
}

export function tenantOf(tenantId: string, policy: Partial<TenantPolicy> = {}): Command {
  return {
    kind: 'create_tenant',
    tenantId,
    displayName: tenantId,
    policy: { ...DEFAULT_POLICY, refreshEnabled: true, ...policy },
    publicScopes: ['read', 'write'],
  };
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
    subjectKind: 'user',
    subjectId: ANN,
    proof: { by: 'password', passwordHash: HASH },
    counters: [],
    scopes: ['read'],
    familyId: familyId(randomBytes(ID_BYTES)),
    tokens: newTokens(),
    ...overrides,
  };
}

export function refreshOf(digest: Digest, overrides: Partial<Refresh> = {}): Refresh {
  return {
    kind: 'refresh',
    tenantId: TENANT,
    clientId: APP,
    digest,
    tokens: newTokens(),
    sealed: new Uint8Array(randomBytes(64)),
    ...overrides,
  };
}

export function revokeFamily(id: string, tenantId: string = TENANT): Command & { kind: 'revoke' } {
  return { kind: 'revoke', tenantId, target: { by: 'family_id', familyId: id } };
}

export function cutOff(
  kind: Principal['kind'],
  id: string,
  cause: 'revoked' | 'disabled' | 'deleted' = 'revoked',
  tenantId: string = TENANT,
): Command & { kind: 'cut_off' } {
  return { kind: 'cut_off', tenantId, principal: { kind, id }, cause };
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

export function answerOf<C extends Command>(outcome: Outcome<C>) {
  if ('refusal' in outcome) {
    throw new Error(`refused: ${outcome.refusal.code}: ${outcome.refusal.message}`);
  }
  return outcome.answer;
}

/** The code of a refusal, or `undefined` of an answer. */
export function refusalOf(outcome: Outcome<Command>): string | undefined {
  return 'refusal' in outcome ? outcome.refusal.code : undefined;
}

export function isRepeated(answer: IssueAnswer): boolean {
  return 'repeated' in answer;
}

export async function revisionOf(store: Store, tenantId: string = TENANT): Promise<number | undefined> {
  return (await store.readTenant(tenantId))?.revision;
}

export async function readingOf(store: Store, digest: Digest, tenantId: string = TENANT) {
  return (await store.readToken(tenantId, digest)).reading;
}

export async function generationOf(store: Store, digest: Digest): Promise<number | undefined> {
  return (await readingOf(store, digest))?.family.generation;
}

/** The tenant without the head of its audit log, which every attempt to change it moves. */
export async function settingsOf(store: Store): Promise<Omit<Tenant, 'auditSequence' | 'auditHash'>> {
  const { auditSequence: _, auditHash: __, ...settings } = (await store.readTenant(TENANT)) as Tenant;
  return settings;
}
