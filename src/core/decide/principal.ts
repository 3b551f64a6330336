/** What happens to a tenant, client, user or device, and through it to its tokens. */
import type { Change, Decision } from '../changes.ts';
import type { CutOff, Enable, Principal, Rehash } from '../commands.ts';
import type { Refusal } from '../errors.ts';
import type { Instant } from '../model.ts';
import type { State } from '../state.ts';
import { logRevocation, refuse } from './decision.ts';

/** One cutoff row ends all tokens, however many there are. */
export function cutOff(state: State, command: CutOff, now: Instant): Decision<CutOff> {
  const { tenant } = state;
  const { principal, cause } = command;
  if (tenant === undefined || !exists(state, principal, command.tenantId)) {
    return refuse(notFound(principal));
  }
  if (principal.kind === 'tenant' && cause === 'deleted') {
    // Its revisions would begin anew with the next tenant of that id, and old tokens would pass its cutoff.
    return refuse({ code: 'invalid_argument', message: 'A tenant can be disabled, but not deleted' });
  }
  const { revision, change } = logRevocation(tenant, principal.kind, principal.id, cause, now);
  const changes: Change[] = [change, { change: 'set_cutoff', principal, cutoff: revision }];
  if (cause === 'disabled') {
    changes.push({ change: 'set_disabled', principal, disabled: true });
  }
  if (cause === 'deleted') {
    changes.push({ change: 'delete_principal', principal });
  }
  return { changes, outcome: { answer: { revision, revoked: true } } };
}

/** Lets a principal log in again; its cutoff stays, so nothing revives. */
export function enable(state: State, command: Enable): Decision<Enable> {
  const { principal } = command;
  if (state.tenant === undefined || !exists(state, principal, command.tenantId)) {
    return refuse(notFound(principal));
  }
  return { changes: [{ change: 'set_disabled', principal, disabled: false }], outcome: { answer: {} } };
}

function exists(state: State, principal: Principal, tenantId: string): boolean {
  switch (principal.kind) {
    case 'tenant':
      return principal.id === tenantId;
    case 'client':
      return state.client?.tenantId === tenantId;
    case 'user':
    case 'device':
      return state.subject?.tenantId === tenantId && state.subject.kind === principal.kind;
  }
}

function notFound(principal: Principal): Refusal {
  return { code: 'not_found', message: `There is no ${principal.kind} ${principal.id}` };
}

/** Replaces a password's hash by a stronger one of the same password; a password changed meanwhile stays. */
export function rehash(state: State, command: Rehash): Decision<Rehash> {
  const { subjectId, oldHash, newHash } = command;
  const isCurrent = state.subject?.passwordHash === oldHash;
  return {
    changes: isCurrent ? [{ change: 'set_password_hash', subjectId, passwordHash: newHash }] : [],
    outcome: { answer: {} },
  };
}
