/** Numbers leap where a store has lost its end, so that none is given twice. */
import type { Instant } from '../model.ts';
import type { Tenant } from '../tables/tenants.ts';

/** Where the clock went back since: more revocations than a tenant has between two backups. */
const MIN_REVISIONS = 1_000_000_000;
/** No tenant has a revocation each microsecond. */
const REVISIONS_PER_MS = 1_000;
/** The same of changes of clients, of which there are fewer; `versionAt` has room for less than 2^40 of them. */
const MIN_VERSIONS = 1_000_000;
const MS_PER_VERSION = 10;

/**
 * Ahead of all numbers that were given before now, in this history and in those that other restores began: none of them grew by one in each
 * microsecond since 1970, or in each hundredth of a second.
 */
export function leapOf({ revision, clientVersion }: Tenant, now: Instant): Pick<Tenant, 'revision' | 'clientVersion'> {
  return {
    revision: Math.max(revision + MIN_REVISIONS, now * REVISIONS_PER_MS),
    clientVersion: Math.max(clientVersion + MIN_VERSIONS, Math.floor(now / MS_PER_VERSION)),
  };
}
