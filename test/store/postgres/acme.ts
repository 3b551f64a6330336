/** Commands as the operations make them, and the one tenant that these cases play in. */
import { randomBytes } from 'node:crypto';
import type { Outcome } from '../../../src/core/changes.ts';
import type { AnswerOf, Command } from '../../../src/core/commands/index.ts';
import type { Digest } from '../../../src/core/model.ts';
import { one } from '../../../src/core/plan.ts';
import { policyOfProfile, type TenantPolicy } from '../../../src/core/policy.ts';
import { BOX_BYTES } from '../../../src/core/rules/grants.ts';
import type { Store } from '../../../src/core/services/store.ts';
import { TENANT as TENANTS, type Tenant } from '../../../src/core/tables/tenants.ts';
import { FAMILY_RANDOM_BYTES, newFamilyId } from '../../../src/core/token-form.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;
type Issue = Of<'issue'>;

export const TENANT = 'acme';
export const APP = 'app';
export const ANN = 'user-ann';
/** The store compares it and never looks into it. */
export const HASH = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA';

export function aDigest(): Digest {
  return new Uint8Array(randomBytes(32));
}

export function aFamilyId(): string {
  return newFamilyId(Date.now(), randomBytes(FAMILY_RANDOM_BYTES));
}

export function newTokens(): Issue['tokens'] {
  return { keyId: '0', accessDigest: aDigest(), refreshDigest: aDigest() };
}

export function tenantOf(tenantId: string, policy: Partial<TenantPolicy> = {}): Of<'create_tenant'> {
  return {
    kind: 'create_tenant',
    authority: 'server',
    tenantId,
    displayName: tenantId,
    policy: { ...policyOfProfile('kii'), refreshEnabled: true, ...policy },
    publicScopes: ['read', 'write'],
  };
}

export function clientOf(clientId: string, tenantId = TENANT): Of<'create_client'> {
  return {
    kind: 'create_client',
    authority: 'server',
    client: { clientId, tenantId, displayName: clientId, confidential: true, roles: [], scopes: ['read', 'write'] },
    secret: { secretId: `cs_${clientId}`, digest: aDigest(), expireTime: null },
  };
}

export function subjectOf(subjectId = ANN, tenantId = TENANT): Of<'create_subject'> {
  return {
    kind: 'create_subject',
    authority: 'server',
    subject: {
      subjectId,
      tenantId,
      kind: 'user',
      passwordHash: HASH,
      loginName: null,
      email: null,
      emailVerified: false,
      phone: null,
      phoneVerified: false,
      vendorId: null,
    },
  };
}

/** A login of Ann with the app, unless told otherwise. */
export function issueOf(overrides: Partial<Issue> = {}): Issue {
  return {
    kind: 'issue',
    authority: 'server',
    tenantId: TENANT,
    clientId: APP,
    refreshClientId: overrides.clientId ?? APP,
    tokenKind: 'USER',
    subjectId: ANN,
    proof: { by: 'password', passwordHash: HASH },
    counters: [],
    scopes: ['read'],
    familyId: aFamilyId(),
    tokens: newTokens(),
    ...overrides,
  };
}

export function refreshOf(
  { familyId, tokens }: Pick<Issue, 'familyId' | 'tokens'>,
  overrides: Partial<Of<'refresh'>> = {},
): Of<'refresh'> {
  return {
    kind: 'refresh',
    authority: 'server',
    tenantId: TENANT,
    clientId: APP,
    familyId,
    generation: 0,
    digest: tokens.refreshDigest,
    tag: 'genuine',
    tokens: newTokens(),
    box: randomBytes(BOX_BYTES),
    ...overrides,
  };
}

export function revokeFamily(familyId: string, overrides: Partial<Of<'revoke'>> = {}): Of<'revoke'> {
  return { kind: 'revoke', authority: 'server', tenantId: TENANT, familyId, ...overrides };
}

export function answerOf<A>(outcome: Outcome<A>): A {
  if ('refusal' in outcome) {
    throw new Error(`refused: ${outcome.refusal.code}: ${outcome.refusal.message}`);
  }
  return outcome.answer;
}

/** Fails loudly where a fixture could not be made. */
export async function make<C extends Command>(store: Store, command: C): Promise<AnswerOf<C>> {
  return answerOf(await store.execute(command));
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

/** Ann's family, or another's, as Introspect reads it. */
export async function readingOf(store: Store, familyId: string, tenantId = TENANT) {
  return (await store.readFamily(tenantId, familyId)).reading;
}

export async function readTenant(store: Store, tenantId = TENANT): Promise<Tenant | undefined> {
  return (await store.read({ tenant: one(TENANTS, { tenantId }) })).tenant;
}
