/**
 * By whose right a command is done. Between the check of an operation and its transaction lies a password hash, or a queue of seconds;
 * who was cut off in between must not change anything. So the transaction checks again.
 */

import type { Refusal } from '../errors.ts';
import type { Digest, Instant } from '../model.ts';
import { isPermittedTo, type Permission, type Standing } from '../permissions.ts';
import { type AnyRead, all, type Lock, lockRow, one, type Reads } from '../plan.ts';
import { CLIENT, CLIENT_SECRET, type Client, type ClientSecret } from '../tables/clients.ts';
import type { Consent } from '../tables/consents.ts';
import { FAMILY, type Family, subjectKindOf } from '../tables/families.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { isFamilyLive, matchesSecret, NO_CLIENT, readConsentOf } from './liveness.ts';

/** The server itself, the operator on the machine, or callers: all of them must stand. */
export type Authority = 'server' | 'operator' | readonly CallerAuthority[];

export interface CallerAuthority {
  /** What the operation needs. */
  readonly permission: Permission;
  /** The caller's client, and that client's own tenant, which need not be the one that is changed. */
  readonly tenantId: string;
  readonly clientId: string;
  /** As in ClientReading, when the caller was authenticated. */
  readonly clientVersion: number;
  readonly proof: CallerProof;
}

/** What a caller proved itself by. */
export type CallerProof =
  | { readonly by: 'name' }
  /** The secret may expire while the command waits, and nobody writes anything then. */
  | { readonly by: 'client_secret'; readonly digest: Digest; readonly expireTime: Instant | null }
  /** An access token, whose generation is left out: a page that refreshes meanwhile is not cut off. */
  | {
      readonly by: 'token';
      readonly familyId: string;
      readonly subjectId: string;
      readonly consentId: string | null;
      readonly expireTime: Instant;
    };

/** When, and in which history of the store, a command is executed. */
export interface Moment {
  readonly now: Instant;
  /** Grows when a standby is promoted, which may lack the last changes; 0 of a store that has no standbys. */
  readonly timeline: number;
}

/**
 * A number that grows with what changes a tenant's clients, and with each promotion: a standby may have been promoted that had not got
 * the last change, and would count another as that.
 */
export function versionAt(timeline: number, version: number): number {
  return timeline * 2 ** 40 + version;
}

interface AuthorityState {
  readonly tenant: Tenant | undefined;
  readonly client?: Client | undefined;
  readonly secrets?: readonly ClientSecret[];
  readonly family?: Family | undefined;
  readonly subject?: Subject | undefined;
  readonly consent?: Consent | undefined;
}

type State = Readonly<Record<string, unknown>>;

function callersOf(authority: Authority): readonly CallerAuthority[] {
  return typeof authority === 'string' ? [] : authority;
}

/** The rows of callers, named apart from those of the command. */
export function authorityReads(authority: Authority): Reads {
  const reads: Record<string, AnyRead> = {};
  for (const [i, caller] of callersOf(authority).entries()) {
    const { proof, tenantId, clientId } = caller;
    const names = namesOf(i);
    reads[names.tenant] = one(TENANT, { tenantId });
    if (proof.by === 'token') {
      const { familyId, subjectId } = proof;
      reads[names.client] = one(CLIENT, { clientId });
      reads[names.family] = one(FAMILY, { familyId });
      reads[names.subject] = one(SUBJECT, { subjectId });
      reads[names.consent] = readConsentOf(proof);
    }
  }
  return reads;
}

/** Of callers whose clients were changed since they were authenticated, what decides about them exactly. */
export function changedCallerReads(authority: Authority, first: State, { timeline }: Moment): Reads {
  const reads: Record<string, AnyRead> = {};
  for (const [i, caller] of callersOf(authority).entries()) {
    const { clientId, proof } = caller;
    if (proof.by !== 'token' && !isUnchanged(caller, stateOf(i, first), timeline)) {
      const names = namesOf(i);
      reads[names.client] = one(CLIENT, { clientId });
      reads[names.secrets] = all(CLIENT_SECRET, { clientId });
    }
  }
  return reads;
}

/** A command that locks its tenant locks those of its callers too, so that who cuts them off comes before or after it. */
export function authorityLocks(authority: Authority, locks: readonly Lock[]): Lock[] {
  const locksTenant = locks.some((lock) => lock.lock === 'row' && lock.table.name === TENANT.name);
  return locksTenant ? callersOf(authority).map(({ tenantId }) => lockRow(TENANT, { tenantId })) : [];
}

/** Whether every caller still has the standing that the operation needs. */
export function isAuthorized(authority: Authority, state: State, moment: Moment): boolean {
  return callersOf(authority).every((caller, i) => stands(caller, stateOf(i, state), moment));
}

/**
 * An admin must not become an operator by way of a client that is one, nor keep one from working. Callers of whom the command needs the
 * right to manage tenants are operators: that was checked.
 */
export function refuseOperators(authority: Authority, touched: readonly Pick<Client, 'roles'>[]): Refusal | undefined {
  const isByOperator =
    typeof authority === 'string' || authority.some(({ permission }) => permission === 'manage_tenants');
  return isByOperator || !touched.some(({ roles }) => roles.includes('operator')) ? undefined : OPERATORS_ONLY;
}

export const OPERATORS_ONLY: Refusal = {
  code: 'permission_denied',
  message: 'Only an operator may change an operator’s client, or end its tokens',
};

export interface Guard {
  readonly tenantId: string;
  readonly clientVersion: number;
  /** Of a bearer's tenant: each way to end its token moves it. Null: of no matter. */
  readonly revision: number | null;
}

/** What must still be so when a command that took no locks is written: it was read by other statements than those that write. */
export function guardsOf(authority: Authority, state: State): readonly Guard[] {
  return callersOf(authority).flatMap(({ tenantId, proof }, i) => {
    const { tenant } = stateOf(i, state);
    if (tenant === undefined) {
      return [];
    }
    const { clientVersion, revision } = tenant;
    return [{ tenantId, clientVersion, revision: proof.by === 'token' ? revision : null }];
  });
}

function stands(caller: CallerAuthority, state: AuthorityState, { now, timeline }: Moment): boolean {
  const { proof, permission } = caller;
  const { tenant, client } = state;
  if (proof.by === 'token') {
    return isBearerLive(proof.expireTime, state, now) && isPermittedTo(bearerStandings(state), permission);
  }
  if (proof.by === 'client_secret' && proof.expireTime !== null && proof.expireTime <= now) {
    return false;
  }
  if (isUnchanged(caller, state, timeline)) {
    return true;
  }
  if (tenant === undefined || client === undefined || client.tenantId !== tenant.tenantId) {
    return false;
  }
  const isProven = proof.by === 'name' ? !client.confidential : matchesSecret(state.secrets ?? [], proof.digest, now);
  return !tenant.disabled && !client.disabled && isProven && isPermittedTo(clientStandings(client), permission);
}

function isUnchanged({ clientVersion }: CallerAuthority, { tenant }: AuthorityState, timeline: number): boolean {
  return tenant !== undefined && versionAt(timeline, tenant.clientVersion) === clientVersion;
}

function isBearerLive(expireTime: Instant, state: AuthorityState, now: Instant): boolean {
  const { family, tenant, client, subject, consent } = state;
  return (
    family !== undefined &&
    tenant !== undefined &&
    family.tenantId === tenant.tenantId &&
    expireTime > now &&
    isFamilyLive({ family, tenant, client, subject, consent }, now)
  );
}

/** What a client may do that has proven itself, or that only named itself. */
export function clientStandings({ confidential, roles }: Pick<Client, 'confidential' | 'roles'>): readonly Standing[] {
  return confidential ? ['client', ...roles] : ['public'];
}

/** Tokens of clients stand for these; others for their subject. */
function bearerStandings({ family, client }: AuthorityState): readonly Standing[] {
  if (family !== undefined && family.clientId === NO_CLIENT) {
    return ['device'];
  }
  if (family === undefined || client === undefined) {
    return [];
  }
  if (family.kind === 'ANONYMOUS') {
    return ['anonymous'];
  }
  const kind = subjectKindOf(family.kind);
  return kind === 'client' ? clientStandings(client) : [kind];
}

type Names = Readonly<Record<keyof AuthorityState, string>>;

/** Of the first callers: made once, for every command asks for them. */
const NAMES: readonly Names[] = [namesAt(0), namesAt(1)];

function namesAt(i: number): Names {
  return {
    tenant: `caller ${i} tenant`,
    client: `caller ${i} client`,
    secrets: `caller ${i} secrets`,
    family: `caller ${i} family`,
    subject: `caller ${i} subject`,
    consent: `caller ${i} consent`,
  };
}

function namesOf(i: number): Names {
  return NAMES[i] ?? namesAt(i);
}

function stateOf(i: number, state: State): AuthorityState {
  const names = namesOf(i);
  return {
    tenant: state[names.tenant],
    client: state[names.client],
    secrets: state[names.secrets],
    family: state[names.family],
    subject: state[names.subject],
    consent: state[names.consent],
  } as AuthorityState;
}
