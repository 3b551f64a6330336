/** What the bearer of a token may do, for services that ask: the rules of `rules/access.ts` on rows that were read for it. */
import { SymbolonError } from '../errors.ts';
import { MAX_ID } from '../names.ts';
import { each, one } from '../plan.ts';
import type { AccessReason } from '../rules/access.ts';
import { type AccessFacts, type AccessPermission, type AccessTarget, decideAccess, targetOf } from '../rules/access.ts';
import { consentIdOf, registeredOf } from '../rules/consents.ts';
import type { Services } from '../services/services.ts';
import { CLIENT } from '../tables/clients.ts';
import { CONSENT, type Consent } from '../tables/consents.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';
import type { Call } from './authenticate.ts';
import { batchIntrospect, MAX_BATCH } from './batch-introspect.ts';
import { type Introspection, introspect, type LiveToken } from './introspect.ts';

export interface CheckRequest {
  readonly token: string;
  readonly permission: AccessPermission;
  /** Undefined: what the token stands for. */
  readonly target?: AccessTarget | undefined;
  /** Of devices that are listed or added; undefined: of any. */
  readonly deviceType?: string | undefined;
}

export interface Checked {
  readonly reason: AccessReason;
  readonly token: Introspection;
  /** By whose right it is allowed. */
  readonly userId?: string | undefined;
  /** For how long the answer may be kept; undefined: not at all. */
  readonly timeToLiveMs?: number | undefined;
}

/** No event tells that a device has another owner or a client other scopes, so who keeps an answer forgets it after this. */
const CHECK_LIFETIME_MS = 10_000;
/** Where tokens are ended all the time. */
const MAX_READINGS = 4;

/** For those who may introspect the token. `atLeastRevision`: as at Introspect. */
export async function check(
  services: Services,
  call: Call,
  request: CheckRequest,
  atLeastRevision = 0,
): Promise<Checked> {
  requireNamed(request);
  const { token } = request;
  const [answer] = await checkAll(services, [request], async () => [
    await introspect(services, call, { token, atLeastRevision }),
  ]);
  return answer as Checked;
}

/** For many, in their order and of one revision. What can't be a token is not live, and what can't be an id is unknown. */
export async function batchCheck(
  services: Services,
  call: Call,
  requests: readonly CheckRequest[],
  atLeastRevision = 0,
): Promise<readonly Checked[]> {
  if (requests.length === 0 || requests.length > MAX_BATCH) {
    throw new SymbolonError(
      'invalid_argument',
      `checks must have 1 to ${MAX_BATCH} entries, and has ${requests.length}`,
    );
  }
  for (const request of requests) {
    requireNamed(request);
  }
  const tokens = requests.map(({ token }) => token);
  return checkAll(services, requests, () => batchIntrospect(services, call, { tokens, atLeastRevision }));
}

/** Not more: ids come from the paths of requests, and one that can be none must not fail the questions beside it. */
function requireNamed({ target }: CheckRequest): void {
  if (target?.id === '') {
    throw new SymbolonError('invalid_argument', `${target.kind}_id is missing`);
  }
}

/** Of nobody. */
const NO_ID = '';

/** An id that can be none is unknown. The store is never asked for it. */
function possibleTarget(target: AccessTarget | undefined): AccessTarget | undefined {
  const isPossible = target === undefined || (target.id.length <= MAX_ID && !target.id.includes('\0'));
  return isPossible ? target : { ...target, id: NO_ID };
}

/**
 * The tokens are read before the rest, and the tenant's revision after it: where that is the same, no token and no consent ended in between,
 * so that all of it held in one moment.
 */
async function checkAll(
  services: Services,
  requests: readonly CheckRequest[],
  readTokens: () => Promise<readonly Introspection[]>,
): Promise<readonly Checked[]> {
  for (let readings = 1; ; readings++) {
    const tokens = await readTokens();
    const asked = requests.map((request, i) => askedOf(request, tokens[i] as Introspection));
    const rows = await readRows(services, asked);
    if (rows === undefined) {
      return asked.map(({ introspection }) => ({ reason: 'token_not_live', token: introspection }));
    }
    const isOfOneMoment = asked.every(({ token }) => token === undefined || isOf(rows, token));
    if (isOfOneMoment) {
      return asked.map((each) => checkedOf(each, rows));
    }
    if (readings === MAX_READINGS) {
      throw new SymbolonError('overloaded', 'Tokens of the tenant end faster than this is read. Repeat later', {
        retryAfterMs: 1_000,
      });
    }
  }
}

interface Asked {
  readonly request: CheckRequest;
  readonly introspection: Introspection;
  /** Undefined of a token that is not live. */
  readonly token: LiveToken | undefined;
  readonly target: AccessTarget | undefined;
}

function askedOf(request: CheckRequest, introspection: Introspection): Asked {
  const token = introspection.active ? introspection : undefined;
  return { request, introspection, token, target: token && targetOf(token, possibleTarget(request.target)) };
}

/** The operator on the machine may ask about tokens of several tenants: those of others reach nothing then. */
function isOf({ tenantId, revision }: Rows, token: LiveToken): boolean {
  return token.tenantId !== tenantId || token.revision === revision;
}

interface Rows {
  readonly tenantId: string;
  readonly revision: number | undefined;
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly consents: ReadonlyMap<string, Consent>;
}

/** Undefined where no token is live. Consents come before the tenant, for what is read later is never older. */
async function readRows({ store }: Services, asked: readonly Asked[]): Promise<Rows | undefined> {
  const live = asked.find(({ token }) => token !== undefined)?.token;
  if (live === undefined) {
    return undefined;
  }
  const { tenantId } = live;
  const targetIds = distinct(asked.map(({ target }) => target?.id));
  const first = await store.read({ targets: each(SUBJECT, keysOf(targetIds)), tenant: one(TENANT, { tenantId }) });
  const subjects = new Map(first.targets.map((subject) => [subject.subjectId, subject]));
  const pairs = asked.flatMap((each) => pairsOf(each, subjects));
  if (pairs.length === 0) {
    return { tenantId, revision: first.tenant?.revision, subjects, consents: new Map() };
  }
  const consentIds = distinct(pairs.map(({ consentId }) => consentId));
  const { consents, owners, clients, tenant } = await store.read({
    consents: each(
      CONSENT,
      consentIds.map((consentId) => ({ consentId, tenantId })),
    ),
    owners: each(SUBJECT, keysOf(distinct(pairs.map(({ userId }) => userId)))),
    clients: each(
      CLIENT,
      distinct(pairs.map(({ clientId }) => clientId)).map((clientId) => ({ clientId })),
    ),
    tenant: one(TENANT, { tenantId }),
  });
  const enabled = new Set(owners.filter(({ disabled }) => !disabled).map(({ subjectId }) => subjectId));
  const registered = new Map(clients.map(({ clientId, scopes }) => [clientId, scopes]));
  const standing = consents
    .filter(({ subjectId }) => enabled.has(subjectId))
    .map((consent) => registeredOf(consent, registered.get(consent.clientId) ?? []));
  const known = new Map(standing.map((consent) => [consent.consentId, consent]));
  return { tenantId, revision: tenant?.revision, subjects, consents: known };
}

/** Of an application's token: the consents that may let it at the target. */
function pairsOf({ token, target }: Asked, subjects: ReadonlyMap<string, Subject>) {
  const subject = subjects.get(target?.id ?? '');
  if (token?.kind !== 'APPLICATION' || subject?.tenantId !== token.tenantId) {
    return [];
  }
  const { tenantId, clientId } = token;
  const userIds = subject.kind === 'user' ? [subject.subjectId] : subject.ownerIds;
  return userIds.map((userId) => ({ userId, clientId, consentId: consentIdOf(tenantId, userId, clientId) }));
}

function checkedOf(asked: Asked, { subjects, consents }: Rows): Checked {
  const { request, introspection, token, target } = asked;
  if (token === undefined) {
    return { reason: 'token_not_live', token: introspection };
  }
  const facts: AccessFacts = {
    token,
    target,
    subject: subjects.get(target?.id ?? ''),
    consents: pairsOf(asked, subjects).flatMap(({ consentId }) => consents.get(consentId) ?? []),
    deviceType: request.deviceType,
  };
  const { reason, userId } = decideAccess(request.permission, facts);
  const timeToLiveMs = reason === 'allowed' ? Math.min(token.timeToLiveMs, CHECK_LIFETIME_MS) : undefined;
  return { reason, token, userId, timeToLiveMs };
}

function keysOf(subjectIds: readonly string[]) {
  return subjectIds.map((subjectId) => ({ subjectId }));
}

function distinct(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids)].filter((id) => id !== undefined);
}
