/** Small words for the decisions of this folder. */
import type { Change } from '../changes.ts';
import type { Principal } from '../commands.ts';
import type { Refusal } from '../errors.ts';
import type { Instant, RevocationCause, RevocationScope, Subject, Tenant } from '../model.ts';
import type { State } from '../state.ts';

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

/** One cutoff and its event: every token of the principal dies, however many there are. */
export function endTokensOf(
  tenant: Tenant,
  principal: Principal,
  cause: RevocationCause,
  now: Instant,
): { revision: number; changes: Change[] } {
  const { revision, change } = logRevocation(tenant, principal.kind, principal.id, cause, now);
  return { revision, changes: [change, { change: 'set_cutoff', principal, cutoff: revision }] };
}

export function notFound(kind: string, id: string): Refusal {
  return { code: 'not_found', message: `There is no ${kind} ${id}`, about: { field: `${kind}_id`, value: id } };
}

export function taken(field: string, value: string): Refusal {
  return {
    code: 'already_exists',
    message: `The ${field.replace('_', ' ')} ${value} is taken`,
    about: { field, value },
  };
}

export function invalid(message: string, field?: string, value = ''): Refusal {
  return { code: 'invalid_argument', message, ...(field === undefined ? {} : { about: { field, value } }) };
}

export function unmet(message: string): Refusal {
  return { code: 'precondition_failed', message };
}

/** The command's tenant and the subject in it, or why there is none. */
export function subjectOf(
  { tenant, subject }: State,
  tenantId: string,
  subjectId: string,
): { tenant: Tenant; subject: Subject } | { refusal: Refusal } {
  if (tenant === undefined || subject?.tenantId !== tenantId) {
    return { refusal: notFound('user or device', subjectId) };
  }
  return { tenant, subject };
}

/** The first cutoff of a new principal: had there been another of the same id, deleted since, its tokens must not revive. */
export function bornAt(tenant: Tenant): number {
  return tenant.revision;
}
