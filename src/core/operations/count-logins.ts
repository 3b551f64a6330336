/** How many logins a cutoff would end, for who is about to make one. */
import type { Target } from '../model.ts';
import { MAX_ID } from '../names.ts';
import { type Permission, requirePermission } from '../permissions.ts';
import { isFamilyLive } from '../rules/liveness.ts';
import { findSubject, readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Position } from '../table.ts';
import type { Client } from '../tables/clients.ts';
import { FAMILIES, type Family, LOGINS_OF_TENANT, subjectKindOf } from '../tables/families.ts';
import type { Subject } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';
import type { Call } from './authenticate.ts';
import { requireManageable } from './clients.ts';
import { requireWaiting } from './pages.ts';
import { tenantNotFound, tenantOf } from './tenants.ts';
import { holderNotFound, readConsents, readHolder } from './tokens.ts';
import { requireText } from './validate.ts';

export interface LoginCount {
  readonly logins: number;
  /** Whether there may be more: not all were looked at. */
  readonly isMore: boolean;
}

const MAX_COUNTED = 10_000;
/** Of those that are dead, or of other clients, there may be many. */
const MAX_READ = 20_000;
/** A read that finds nothing costs as much as some rows. */
const READ_OF_NOTHING = 20;
/** A few milliseconds of work, after which others are served. */
const CHUNK = 200;
/** A second one of a tenant would only take the time of the first. */
const MAX_COUNTING_OF_TENANT = 2;

/** Who may end them may count them. */
const PERMISSION: Readonly<Record<Target['kind'], Permission>> = {
  tenant: 'read_tenant',
  client: 'manage_clients',
  user: 'list_tokens',
  device: 'list_tokens',
};

export async function countLogins(services: Services, call: Call, target: Target): Promise<LoginCount> {
  requirePermission(call.caller, PERMISSION[target.kind]);
  requireText(target.id, `${target.kind}_id`, MAX_ID);
  const tenantId = target.kind === 'tenant' ? tenantOf(call, target.id) : call.caller.tenantId;
  const tenant = await readTenant(services.store, tenantId);
  if (tenant === undefined) {
    throw tenantNotFound(tenantId);
  }
  await requireTarget(services, call, tenantId, target);
  return services.longReads.run('count', tenantId, MAX_COUNTING_OF_TENANT, async () => {
    const { logins, isMore } = await count(services, call, tenant, target, { logins: MAX_COUNTED, read: MAX_READ });
    return { logins, isMore };
  });
}

/** Of all tenants one after the other, as far as one count goes. */
export class LoginsOfTenants {
  #logins = 0;
  #read = 0;
  #isMore = false;

  get count() {
    return { count: this.#logins, isMore: this.#isMore };
  }

  async add(services: Services, call: Call, tenant: Tenant): Promise<void> {
    const left = { logins: MAX_COUNTED - this.#logins, read: MAX_READ - this.#read };
    if (this.#isMore || left.logins <= 0 || left.read <= 0) {
      this.#isMore = true;
      return;
    }
    const { logins, isMore, read } = await count(services, call, tenant, { kind: 'tenant', id: tenant.tenantId }, left);
    this.#logins += logins;
    this.#read += Math.max(read, READ_OF_NOTHING);
    this.#isMore = isMore;
  }
}

async function requireTarget(services: Services, call: Call, tenantId: string, target: Target): Promise<void> {
  if (target.kind === 'client') {
    await requireManageable(services, call, target.id);
  } else if (target.kind !== 'tenant') {
    const holder = { kind: target.kind, id: target.id };
    if ((await readHolder(services, tenantId, holder)) === undefined) {
      throw holderNotFound(holder);
    }
  }
}

interface Bounds {
  readonly logins: number;
  readonly read: number;
}

async function count(
  services: Services,
  call: Call,
  tenant: Tenant,
  { kind, id }: Target,
  most: Bounds,
): Promise<LoginCount & Pick<Bounds, 'read'>> {
  const { store } = services;
  const { tenantId } = tenant;
  const isOfSubject = kind === 'user' || kind === 'device';
  const known: Known = { clients: new Map(), subjects: new Map() };
  let [logins, read, after] = [0, 0, undefined as Position | undefined];
  while (read < most.read) {
    const families = isOfSubject
      ? await store.list(FAMILIES, { tenantId, subjectId: id }, { after, limit: CHUNK })
      : await store.list(LOGINS_OF_TENANT, { tenantId }, { after, limit: CHUNK });
    const wanted = families.filter(
      (family) => family.revokedRevision === null && (kind !== 'client' || family.clientId === id),
    );
    logins += await countLive(services, tenant, wanted, known);
    read += families.length;
    if (logins >= most.logins) {
      return { logins: most.logins, isMore: true, read };
    }
    const last = families.at(-1);
    if (last === undefined || families.length < CHUNK) {
      return { logins, isMore: false, read };
    }
    requireWaiting(call);
    after = isOfSubject ? [last.familyId] : [last.subjectId, last.familyId];
  }
  return { logins, isMore: true, read };
}

/** What was read before: logins of one subject follow each other, and clients are few. */
interface Known {
  readonly clients: Map<string, Client | undefined>;
  readonly subjects: Map<string, Subject | undefined>;
}

async function countLive(
  services: Services,
  tenant: Tenant,
  families: readonly Family[],
  { clients, subjects }: Known,
): Promise<number> {
  const { store, clock } = services;
  const { tenantId } = tenant;
  const missing = <T>(known: ReadonlyMap<string, T>, ids: readonly string[]) =>
    [...new Set(ids)].filter((id) => !known.has(id));
  const ofSubjects = families.filter(({ kind }) => subjectKindOf(kind) !== 'client');
  await Promise.all([
    ...missing(
      clients,
      families.map(({ clientId }) => clientId),
    ).map(async (id) => clients.set(id, (await store.readClient(id))?.client)),
    ...missing(
      subjects,
      ofSubjects.map(({ subjectId }) => subjectId),
    ).map(async (id) => subjects.set(id, await findSubject(store, tenantId, { kind: 'subject_id', key: id }))),
  ]);
  const consents = await readConsents(services, families);
  const now = clock();
  return families.filter((family) => {
    const [client, subject] = [clients.get(family.clientId), subjects.get(family.subjectId)];
    return isFamilyLive({ family, tenant, client, subject, consent: consents.get(family.consentId) }, now);
  }).length;
}
