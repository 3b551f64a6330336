/** The reads that put several tables together. The SQL engines write their joins by hand; this says what they have to answer. */

import { all, one, type Reads, type StateOf } from '../../core/plan.ts';
import { versionAt } from '../../core/rules/authority.ts';
import { type FamilyReading, readConsentOf, type TokenReading } from '../../core/rules/liveness.ts';
import {
  type LogPosition,
  type LogReading,
  logReadingOf,
  NO_TENANT,
  REVOCATIONS,
} from '../../core/services/revocation-log.ts';
import type { ClientReading, IntrospectionReading } from '../../core/services/store.ts';
import { CLIENT, CLIENT_SECRET } from '../../core/tables/clients.ts';
import { FAMILY, type Family } from '../../core/tables/families.ts';
import { SUBJECT } from '../../core/tables/subjects.ts';
import { TENANT, type Tenant } from '../../core/tables/tenants.ts';
import { NOTHING } from '../rows/family-readings.ts';
import { answerList } from './reads.ts';
import type { MemoryTables } from './tables.ts';

/** All of them in one moment. */
type Read = <R extends Reads>(reads: R) => StateOf<R>;

/** A tenant of null: that of the family. */
export function readFamily(read: Read, tenantId: string | null, familyId: string): IntrospectionReading {
  const { family } = read({ family: one(FAMILY, { familyId }) });
  const owner = tenantId ?? family?.tenantId;
  const { tenant } = read({ tenant: one(TENANT, owner === undefined ? undefined : { tenantId: owner }) });
  if (tenant === undefined) {
    return NOTHING;
  }
  return {
    reading: family?.tenantId === tenant.tenantId ? tokenReadingOf(read, tenant, family) : undefined,
    revision: tenant.revision,
    clientVersion: versionOf(tenant),
  };
}

export function readClient(read: Read, clientId: string): ClientReading | undefined {
  const { client, secrets } = read({ client: one(CLIENT, { clientId }), secrets: all(CLIENT_SECRET, { clientId }) });
  const { tenant } = read({ tenant: one(TENANT, client && { tenantId: client.tenantId }) });
  if (client === undefined || tenant === undefined) {
    return undefined;
  }
  const { disabled, revision, displayName, logoUri, accentColor } = tenant;
  const ofTenant = { disabled, revision, displayName, logoUri, accentColor };
  return { client, tenant: ofTenant, clientVersion: versionOf(tenant), secrets };
}

export function readLog(tables: MemoryTables, read: Read, position: LogPosition, limit: number): LogReading {
  const { tenantId, after } = position;
  const { tenant } = read({ tenant: one(TENANT, { tenantId }) });
  if (tenant === undefined) {
    return logReadingOf(position, NO_TENANT, [], limit);
  }
  const events = answerList(tables, REVOCATIONS, { tenantId }, { after: [after], limit });
  const end = { revision: tenant.revision, clientVersion: versionOf(tenant), timeline: 0 };
  return logReadingOf(position, end, events, limit);
}

function tokenReadingOf(read: Read, tenant: Tenant, family: Family): TokenReading {
  const { clientId, subjectId } = family;
  const { client, subject, consent } = read({
    client: one(CLIENT, { clientId }),
    subject: one(SUBJECT, { subjectId }),
    consent: readConsentOf(family),
  });
  return {
    family: familyReadingOf(family),
    tenant: { disabled: tenant.disabled, cutoff: tenant.cutoff },
    client: client && holderOf(client),
    subject: subject && holderOf(subject),
    consent: consent && { tenantId: consent.tenantId, withdrawTime: consent.withdrawTime, cutoff: consent.cutoff },
  };
}

function familyReadingOf(row: Family): FamilyReading {
  const {
    refresh,
    refreshClientId: _,
    keyId: __,
    placeAddress: ___,
    placeAgent: ____,
    visitTime: _____,
    ...family
  } = row;
  return { ...family, repeatUntil: refresh?.repeatUntil ?? 0 };
}

interface Holder {
  readonly tenantId: string;
  readonly disabled: boolean;
  readonly cutoff: number;
}

function holderOf({ tenantId, disabled, cutoff }: Holder): Holder {
  return { tenantId, disabled, cutoff };
}

/** There are no standbys to promote. */
function versionOf({ clientVersion }: Tenant): number {
  return versionAt(0, clientVersion);
}
