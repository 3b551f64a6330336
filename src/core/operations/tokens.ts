/** What is live of a user, device or client, and ending all of it. */
import { SymbolonError } from '../errors.ts';
import type { Instant, SubjectKind, Target, TokenUse } from '../model.ts';
import { MAX_ID } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { each } from '../plan.ts';
import { isFamilyLive } from '../rules/liveness.ts';
import { findSubject, readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Client } from '../tables/clients.ts';
import { CONSENT, type Consent } from '../tables/consents.ts';
import { FAMILIES, type Family, lastUseOf, subjectKindOf } from '../tables/families.ts';
import { tokenIdOf } from '../token-form.ts';
import { requireUser, requireUserInPerson } from './access.ts';
import type { Call } from './authenticate.ts';
import { requireManageable } from './clients.ts';
import { type Listed, listPage, type PageRequest } from './pages.ts';
import { perform } from './perform.ts';
import { inTenant, tenantOf } from './tenants.ts';
import { requireText } from './validate.ts';

export interface Holder {
  readonly kind: SubjectKind;
  readonly id: string;
}

/** Whose logins are listed: of whom an admin names, or of the user whose token it is. */
export type ListedHolder = Holder | { readonly kind: 'bearer'; readonly accessToken: string };

/** A live token, by its public id. */
export interface ListedToken {
  readonly tokenId: string;
  readonly use: TokenUse;
  readonly issueTime: Instant;
  readonly expireTime: Instant | null;
}

/** A login with its live tokens. */
export interface ListedFamily {
  readonly family: Family;
  /** Undefined: of none, or it was deleted. */
  readonly client: Client | undefined;
  readonly tokens: readonly ListedToken[];
  /** As far as it is known: the login, its last refresh, or a visit of the pages. */
  readonly lastUseTime: Instant;
}

/** Live families with their live tokens. A page may be short where clients have ended; the last one has no next. */
export async function listTokens(
  services: Services,
  call: Call,
  holder: ListedHolder,
  page: PageRequest,
): Promise<Listed<ListedFamily>> {
  if (holder.kind === 'bearer') {
    const { accessToken } = holder;
    const { subject, call: acting } = await requireUser(services, call, { by: 'access_token', accessToken });
    return listOf(services, acting, { kind: 'user', id: subject.subjectId }, page);
  }
  requirePermission(call.caller, 'list_tokens');
  return listOf(services, call, holder, page);
}

/** The same, of the user who calls in person. */
export async function listOwnTokens(services: Services, call: Call, page: PageRequest): Promise<Listed<ListedFamily>> {
  return listOf(services, call, { kind: 'user', id: requireUserInPerson(call).id }, page);
}

async function listOf(
  services: Services,
  call: Call,
  holder: Holder,
  page: PageRequest,
): Promise<Listed<ListedFamily>> {
  const { store, clock } = services;
  const { tenantId } = call.caller;
  const tenant = await readTenant(store, tenantId);
  const subject = await readHolder(services, tenantId, holder);
  if (tenant === undefined || subject === undefined) {
    throw holderNotFound(holder);
  }
  const now = clock();
  const leastRevision = Math.max(tenant.cutoff, subject.cutoff);
  const mayBeLive = ({ kind, expireTime, issueRevision }: Family) =>
    subjectKindOf(kind) === holder.kind && issueRevision >= leastRevision && (expireTime === null || expireTime > now);
  const listed = await listPage(
    services,
    call,
    {
      name: ['tokens', holder.kind, holder.id],
      list: FAMILIES,
      by: { tenantId, subjectId: holder.id, revokedRevision: null },
    },
    page,
    mayBeLive,
  );
  const [clients, consents] = await Promise.all([
    readClients(services, tenantId, listed.items),
    readConsents(services, listed.items),
  ]);
  const isListed = (family: Family) => {
    const [client, consent] = [clients.get(family.clientId), consents.get(family.consentId)];
    return isFamilyLive({ family, tenant, client, subject, consent }, now);
  };
  const items = listed.items.filter(isListed).map((family) => ({
    family,
    client: clients.get(family.clientId),
    tokens: tokensOf(family).filter(({ expireTime }) => (expireTime ?? now + 1) > now),
    lastUseTime: lastUseOf(family),
  }));
  return { items, nextPageToken: listed.nextPageToken };
}

/** Those of the current generation. */
function tokensOf({
  familyId,
  generation,
  accessIssueTime,
  accessExpireTime,
  refresh,
  expireTime,
}: Family): ListedToken[] {
  const idOf = (use: TokenUse) => tokenIdOf(use, familyId, generation);
  const issueTime = accessIssueTime;
  const access = { tokenId: idOf('access'), use: 'access', issueTime, expireTime: accessExpireTime } as const;
  return refresh === null ? [access] : [access, { tokenId: idOf('refresh'), use: 'refresh', issueTime, expireTime }];
}

export async function readHolder({ store }: Services, tenantId: string, { kind, id }: Holder) {
  if (kind === 'client') {
    const client = (await store.readClient(id))?.client;
    return client?.tenantId === tenantId ? client : undefined;
  }
  const subject = await findSubject(store, tenantId, { kind: 'subject_id', key: id });
  return subject?.kind === kind ? subject : undefined;
}

/** An id that was deleted here and taken by another tenant names somebody else. */
async function readClients(
  { store }: Services,
  tenantId: string,
  families: readonly Family[],
): Promise<Map<string, Client>> {
  const ids = [...new Set(families.map(({ clientId }) => clientId))];
  const readings = await Promise.all(ids.map((id) => store.readClient(id)));
  const clients = readings.flatMap((reading) => (reading?.client.tenantId === tenantId ? [reading.client] : []));
  return new Map(clients.map((client) => [client.clientId, client]));
}

/** By their ids, those that some of the families hang on. */
export async function readConsents(
  { store }: Services,
  families: readonly Family[],
): Promise<ReadonlyMap<string | null, Consent>> {
  const ids = [...new Set(families.map(({ consentId }) => consentId))].filter((id) => id !== null);
  if (ids.length === 0) {
    return new Map();
  }
  const { consents } = await store.read({
    consents: each(
      CONSENT,
      ids.map((consentId) => ({ consentId })),
    ),
  });
  return new Map(consents.map((consent) => [consent.consentId, consent]));
}

/** Ends every token of a user, device, client or tenant, which can have new ones. Answers the revision. */
export async function revokeAll(services: Services, call: Call, target: Target): Promise<{ revision: number }> {
  requirePermission(call.caller, 'revoke_all');
  requireText(target.id, `${target.kind}_id`, MAX_ID);
  const tenantId = target.kind === 'tenant' ? tenantOf(call, target.id) : call.caller.tenantId;
  const byRole = target.kind === 'client' ? await requireManageable(services, call, target.id) : [];
  const { revision } = await perform(services, call, [...inTenant(call, tenantId, 'revoke_all'), ...byRole], {
    kind: 'cut_off',
    tenantId,
    target,
    cause: 'revoked',
  });
  return { revision };
}

export function holderNotFound({ kind, id }: Holder): SymbolonError {
  return new SymbolonError('not_found', `There is no such ${kind}`, { about: { field: `${kind}_id`, value: id } });
}
