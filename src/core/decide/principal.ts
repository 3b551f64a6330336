/** What happens to a tenant, client, user or device, and through it to its tokens. */
import type { Decision } from '../changes.ts';
import type { CutOff, Enable, Principal } from '../commands.ts';
import { CODE_PURPOSES } from '../directory-model.ts';
import type { Instant } from '../model.ts';
import type { State } from '../state.ts';
import { voidCode } from './code.ts';
import { endTokensOf, invalid, notFound, refuse } from './decision.ts';

/** One cutoff row ends all tokens, however many there are. */
export function cutOff(state: State, command: CutOff, now: Instant): Decision<CutOff> {
  const { tenant } = state;
  const { principal, cause } = command;
  if (tenant === undefined || !exists(state, principal, command.tenantId)) {
    return refuse(notFound(principal.kind, principal.id));
  }
  if (principal.kind === 'tenant' && cause === 'deleted') {
    // Its revisions would begin anew with the next tenant of that id, and old tokens would pass its cutoff.
    return refuse(invalid('A tenant can be disabled, but not deleted'));
  }
  const { revision, changes } = endTokensOf(tenant, principal, cause, now);
  if (cause === 'disabled') {
    changes.push({ change: 'set_disabled', principal, disabled: true });
    // Enabling again revives nothing.
    changes.push(...(principal.kind === 'user' ? CODE_PURPOSES.flatMap((each) => voidCode(principal.id, each)) : []));
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
    return refuse(notFound(principal.kind, principal.id));
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
