/** What is live of a user, device or client, and ending all of it. */
import type { Principal } from '../../commands.ts';
import { SymbolonError } from '../../errors.ts';
import { isFamilyLive } from '../../liveness.ts';
import type { Client, SubjectKind } from '../../model.ts';
import { requirePermission } from '../../permissions.ts';
import type { Services } from '../../services.ts';
import type { FamilyListing } from '../../store.ts';
import type { Call } from '../authenticate.ts';
import { requireText } from '../validate.ts';
import { requireManageable } from './clients.ts';
import { type Listed, listPage, type PageRequest } from './pages.ts';
import { perform } from './perform.ts';
import { tenantOf } from './tenants.ts';

const LONGEST_ID = 256;

export interface Holder {
  readonly kind: SubjectKind;
  readonly id: string;
}

/** Live families with their live tokens, by public id. A page may be short where clients have ended; the last one has no next. */
export async function listTokens(
  services: Services,
  call: Call,
  holder: Holder,
  page: PageRequest,
): Promise<Listed<FamilyListing>> {
  requirePermission(call.caller, 'list_tokens');
  const { store, clock } = services;
  const { tenantId } = call.caller;
  const tenant = await store.readTenant(tenantId);
  const subject = await readHolder(services, tenantId, holder);
  if (tenant === undefined || subject === undefined) {
    throw holderNotFound(holder);
  }
  const now = clock();
  const leastRevision = Math.max(tenant.cutoff, subject.cutoff);
  const of = { subjectKind: holder.kind, subjectId: holder.id };
  const listed = await listPage(
    services,
    call,
    ['tokens', holder.kind, holder.id],
    page,
    (part: Parameters<Services['store']['listFamilies']>[3]) =>
      store.listFamilies(tenantId, of, { now, leastRevision }, part),
    ({ family }) => ({ time: family.issueTime, id: family.familyId }),
  );
  const clients = await readClients(services, listed.items);
  const items = listed.items
    .filter(({ family }) => isFamilyLive({ family, tenant, client: clients.get(family.clientId), subject }, now))
    .map(({ family, tokens }) => ({ family, tokens: tokens.filter(({ expireTime }) => expireTime > now) }));
  return { items, nextPageToken: listed.nextPageToken };
}

async function readHolder({ store }: Services, tenantId: string, { kind, id }: Holder) {
  if (kind === 'client') {
    const client = (await store.readClient(id))?.client;
    return client?.tenantId === tenantId ? client : undefined;
  }
  const subject = await store.findSubject(tenantId, { kind: 'subject_id', key: id });
  return subject?.kind === kind ? subject : undefined;
}

async function readClients({ store }: Services, listings: readonly FamilyListing[]): Promise<Map<string, Client>> {
  const ids = [...new Set(listings.map(({ family }) => family.clientId))];
  const readings = await Promise.all(ids.map((id) => store.readClient(id)));
  return new Map(
    readings.flatMap((reading) => (reading === undefined ? [] : [[reading.client.clientId, reading.client]])),
  );
}

/** Ends every token of a user, device, client or tenant, which can have new ones. Answers the revision. */
export async function revokeAll(services: Services, call: Call, principal: Principal): Promise<{ revision: number }> {
  requirePermission(call.caller, 'revoke_all');
  requireText(principal.id, `${principal.kind}_id`, LONGEST_ID);
  const tenantId = principal.kind === 'tenant' ? tenantOf(call, principal.id) : call.caller.tenantId;
  if (principal.kind === 'client') {
    await requireManageable(services, call, principal.id);
  }
  const { revision } = await perform(services, call, { kind: 'cut_off', tenantId, principal, cause: 'revoked' });
  return { revision };
}

function holderNotFound({ kind, id }: Holder): SymbolonError {
  return new SymbolonError('not_found', `There is no such ${kind}`, { about: { field: `${kind}_id`, value: id } });
}
