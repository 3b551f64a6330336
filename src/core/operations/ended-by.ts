/** Why a token that was refused is live no more, for those who may know. Read after the refusal, which does not depend on it. */
import type { TagVerdict } from '../commands/refresh.ts';
import { isKnown } from '../commands/revoke.ts';
import type { Digest, EndedBy } from '../model.ts';
import { one } from '../plan.ts';
import { causeOf, endingOf } from '../rules/endings.ts';
import { readConsentOf } from '../rules/liveness.ts';
import type { Services } from '../services/services.ts';
import { CLIENT } from '../tables/clients.ts';
import { FAMILY, type Family, subjectKindOf } from '../tables/families.ts';
import { REVOCATION } from '../tables/revocations.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** A token that was presented and refused. */
export interface Refused {
  readonly familyId: string;
  readonly digest: Digest;
  readonly tag: TagVerdict;
  /** When a token of this login expires by itself; null: never. */
  readonly expireTimeOf: (family: Family) => number | null;
  /** Whether the caller may know more of this login than that the token is refused. */
  readonly mayKnow: (family: Family) => boolean;
}

/** Undefined: nothing is known of it, the caller may not know, or its login goes on. */
export async function endedBy(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  tenantId: string,
  { familyId, digest, tag, expireTimeOf, mayKnow }: Refused,
): Promise<EndedBy | undefined> {
  const { tenant, family } = await store.read({
    tenant: one(TENANT, { tenantId }),
    family: one(FAMILY, { familyId, tenantId }),
  });
  if (tenant === undefined || family === undefined || !mayKnow(family)) {
    return undefined;
  }
  // What a lost or leaked key made proves nothing.
  if (tag !== 'genuine' && !isKnown(family, digest)) {
    return undefined;
  }
  const { clientId, subjectId, kind } = family;
  const { client, subject, consent } = await store.read({
    client: one(CLIENT, { clientId }),
    subject: one(SUBJECT, subjectKindOf(kind) === 'client' ? undefined : { subjectId }),
    consent: readConsentOf(family),
  });
  const ending = endingOf({ family, tenant, client, subject, consent });
  const revision = ending?.revision ?? null;
  const { event } = await store.read({
    event: one(REVOCATION, revision === null ? undefined : { tenantId, revision }),
  });
  return causeOf(ending, event, expireTimeOf(family), clock());
}
