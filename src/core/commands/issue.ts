import { answer, type Decision, insert, put, refuse } from '../changes.ts';
import { INVALID_CREDENTIALS, type Refusal } from '../errors.ts';
import { PENDING_LOGIN_LIFETIME_MS } from '../lifetimes.ts';
import type { Digest, Instant } from '../model.ts';
import { all, one, type StateOf } from '../plan.ts';
import { type FailureCounter, lockCounters, readCounters } from '../rules/counters.ts';
import { begin, type Grant, type Issued, issuedOf, refuseGrant } from '../rules/grants.ts';
import { endGuess, forgetFailures, lockRefusal } from '../rules/guesses.ts';
import {
  isKept,
  isSameRequest,
  isUntouched,
  type KeptRequest,
  keepAnswer,
  lockRequest,
  OTHER_REQUEST,
  REQUEST_ENDED,
  readKept,
} from '../rules/kept-answers.ts';
import { matchesSecret } from '../rules/liveness.ts';
import { readAudience, refuseAudience } from '../rules/resource-servers.ts';
import { rule } from '../rules/rule.ts';
import { CLIENT, CLIENT_SECRET, type Client } from '../tables/clients.ts';
import { FAMILY, type Family, subjectKindOf } from '../tables/families.ts';
import { KEPT_ANSWER, type KeptAnswer } from '../tables/kept-answers.ts';
import type { LoginFailures } from '../tables/login-failures.ts';
import { SINGLE_USE } from '../tables/single-use.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';

/** What the credential was checked against. It is compared again inside the transaction, for it may have changed since. */
export type Proof =
  | { readonly by: 'password'; readonly passwordHash: string }
  | { readonly by: 'client_secret'; readonly digest: Digest }
  | { readonly by: 'name' };

/** Begins a family with its first tokens, or answers those that the same request id got before. */
export interface Issue extends Grant {
  readonly kind: 'issue';
  readonly proof: Proof;
  readonly counters: readonly FailureCounter[];
  readonly request?: KeptRequest;
  /** SHA-256 of the secret that the second step is begun with, should one be needed. */
  readonly pendingDigest?: Digest;
}

export type IssueAnswer =
  | { readonly issued: Issued }
  /** The password is right, and a second factor is needed. */
  | { readonly pending: { readonly subjectId: string; readonly expireTime: Instant } }
  /** The same request was answered before; `box` holds what it got. */
  | { readonly repeated: Issued; readonly box: Uint8Array };

export const issue = rule<Issue>()({
  kind: 'issue',
  // Neither tenant, client nor subject is locked: what ends them meanwhile moves the tenant's revision past the one that is read here,
  // and so ends the new family too. The tenant is read first, so that its revision is the oldest of what is read.
  plan: ({ tenantId, clientId, subjectId, tokenKind, proof, counters, request, audience }) => ({
    locks: [...lockRequest(request), ...lockCounters(tenantId, counters)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      client: one(CLIENT, { clientId }),
      secrets: all(CLIENT_SECRET, proof.by === 'client_secret' ? { clientId } : undefined),
      subject: one(SUBJECT, subjectKindOf(tokenKind) === 'client' ? undefined : { subjectId }),
      kept: readKept(request),
      server: readAudience({ tenantId, audience }),
      failures: readCounters(tenantId, counters),
    },
  }),
  follow: ({ kept }) => ({ keptFamily: one(FAMILY, kept && { familyId: kept.familyId }) }),
  decide: (state, command, now): Decision<IssueAnswer> => {
    const { tenant, client, subject, kept, failures } = state;
    const refusal = lockRefusal(command.counters, state, now) ?? refuseUnproven(state, command, now);
    if (refusal !== undefined || tenant === undefined) {
      return refuse(refusal ?? INVALID_CREDENTIALS);
    }
    if (isKept(kept, now)) {
      return repeat(state, kept, command, now);
    }
    const refused = refuseAudience(command, state.server);
    if (refused !== undefined) {
      return refuse(refused);
    }
    // The password alone proves nobody who has a second factor.
    if (subject?.mfaEnabled === true && command.proof.by === 'password') {
      return askForSecondFactor(command, tenant, client, failures, now);
    }
    const begun = begin(command, tenant, client, now);
    return 'refusal' in begun.outcome
      ? begun
      : answer(begun.outcome.answer, [
          ...begun.changes,
          ...forgetFailures(command.tenantId, command.counters, failures),
          ...keepAnswer(command.request, command.familyId, now),
        ]);
  },
});

type State = StateOf<ReturnType<typeof issue.plan>['reads']> & { readonly keptFamily: Family | undefined };

/** Whether what the credential was checked against still holds, in this transaction. */
function refuseUnproven(state: State, command: Issue, now: Instant): Refusal | undefined {
  const { tenant, client, subject, secrets } = state;
  const { proof, tenantId } = command;
  if (tenant === undefined || tenant.disabled || client?.tenantId !== tenantId || client.disabled) {
    return INVALID_CREDENTIALS;
  }
  switch (proof.by) {
    case 'password': {
      const isTheirs = subject?.tenantId === tenantId && !subject.disabled;
      return isTheirs && subject.passwordHash === proof.passwordHash ? undefined : INVALID_CREDENTIALS;
    }
    case 'client_secret': {
      const isProven = client.confidential && matchesSecret(secrets, proof.digest, now);
      return isProven && command.tokenKind === clientTokenKind(client) ? undefined : INVALID_CREDENTIALS;
    }
    case 'name':
      return client.confidential ? INVALID_CREDENTIALS : undefined;
  }
}

/** What a client's own token is. */
export function clientTokenKind({ roles }: Pick<Client, 'roles'>): 'ADMIN' | 'APPLICATION' {
  return roles.includes('admin') ? 'ADMIN' : 'APPLICATION';
}

/** What the second step of a login knows of the first. */
export interface PendingPayload {
  readonly refreshClientId: string;
  readonly scopes: readonly string[];
  /** When the access token shall expire that was asked for; null: the tenant's default. */
  readonly tokenExpireTime: Instant | null;
  /** What the tokens are for, as in Grant. Absent of a login that another version began. */
  readonly audience?: string | null;
  /** The tenant's revision when the password was checked; compared with cutoffs. */
  readonly issueRevision: number;
}

/** The secret for the second step opens nothing else. */
function askForSecondFactor(
  command: Issue,
  tenant: Tenant,
  client: Client | undefined,
  failures: readonly LoginFailures[],
  now: Instant,
): Decision<IssueAnswer> {
  const { pendingDigest: digest, tenantId, clientId, subjectId, refreshClientId, scopes, counters } = command;
  const refusal = refuseGrant(command, tenant, client);
  if (refusal !== undefined || digest === undefined) {
    return refuse(refusal ?? INVALID_CREDENTIALS);
  }
  const expireTime = now + PENDING_LOGIN_LIFETIME_MS;
  const payload: PendingPayload = {
    refreshClientId,
    scopes,
    tokenExpireTime: command.expireTime ?? null,
    audience: command.audience ?? null,
    issueRevision: tenant.revision,
  };
  const row = { digest, purpose: 'second_factor', tenantId, clientId, subjectId, familyId: null, expireTime } as const;
  return answer({ pending: { subjectId, expireTime } }, [
    insert(SINGLE_USE, { ...row, payload: { ...payload } }),
    // Failures are forgotten by the second step alone.
    ...counters.flatMap((counter) => endGuess(tenant, counter, failures, 'given_back', now)),
  ]);
}

function repeat(
  state: State,
  kept: KeptAnswer,
  { request, tenantId, counters, proof }: Issue,
  now: Instant,
): Decision<IssueAnswer> {
  if (request === undefined || !isSameRequest(kept, request)) {
    return refuse(OTHER_REQUEST);
  }
  const { tenant, client, subject, keptFamily, failures } = state;
  if (
    tenant === undefined ||
    keptFamily === undefined ||
    !isUntouched({ family: keptFamily, tenant, client, subject, consent: undefined }, now)
  ) {
    return refuse(REQUEST_ENDED);
  }
  // Nothing is kept of a login with a second factor: it was set up since, and the tokens would be given without it.
  if (subject?.mfaEnabled === true && proof.by === 'password') {
    return refuse(REQUEST_ENDED);
  }
  // Written again as it is, so that the repeated answer too waits for replication.
  return answer({ repeated: issuedOf(keptFamily), box: kept.box }, [
    put(KEPT_ANSWER, kept),
    ...forgetFailures(tenantId, counters, failures),
  ]);
}
