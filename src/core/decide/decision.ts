/** Small words for the decisions of this folder. */
import type { Change } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import type { Instant, RevocationCause, RevocationScope, Tenant } from '../model.ts';

/** Refuses; `changes` are committed all the same. */
export function refuse(
  refusal: Refusal,
  changes: readonly Change[] = [],
): { changes: readonly Change[]; outcome: { refusal: Refusal } } {
  return { changes, outcome: { refusal } };
}

/** One event in the tenant's revocation log, at the tenant's next revision. Every door that ends tokens goes through here. */
export function logRevocation(
  tenant: Tenant,
  scope: RevocationScope,
  key: string,
  cause: RevocationCause,
  now: Instant,
): { revision: number; change: Change } {
  const revision = tenant.revision + 1;
  const event = { tenantId: tenant.tenantId, revision, scope, key, cause, eventTime: now };
  return { revision, change: { change: 'log_revocation', event } };
}
