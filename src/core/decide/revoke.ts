import type { Decision } from '../changes.ts';
import type { Revoke } from '../commands.ts';
import type { Instant } from '../model.ts';
import type { State } from '../state.ts';
import { logRevocation, refuse } from './decision.ts';

/**
 * Revokes the family of the token that is named, live or not. What is unknown or revoked already is an answer: the purpose is
 * achieved (RFC 7009 section 2.2).
 */
export function revoke(state: State, command: Revoke, now: Instant): Decision<Revoke> {
  const { tenant, family } = state;
  if (tenant === undefined) {
    return refuse({ code: 'not_found', message: 'There is no such tenant' });
  }
  if (family === undefined || family.tenantId !== command.tenantId) {
    return { changes: [], outcome: { answer: { revision: tenant.revision, revoked: false } } };
  }
  const { onlyClientId } = command;
  if (onlyClientId !== undefined && family.clientId !== onlyClientId && family.refreshClientId !== onlyClientId) {
    return refuse({ code: 'permission_denied', message: 'The caller may revoke only what was issued to it' });
  }
  const { familyId } = family;
  if (family.revokedRevision !== null) {
    // Written again, so that this answer too waits for replication: the first one may not have got there.
    const again = { change: 'revoke_family', familyId, revision: family.revokedRevision } as const;
    return { changes: [again], outcome: { answer: { revision: tenant.revision, revoked: false } } };
  }
  const { revision, change } = logRevocation(tenant, 'family', familyId, 'revoked', now);
  return {
    changes: [{ change: 'revoke_family', familyId, revision }, change],
    outcome: { answer: { revision, revoked: true } },
  };
}
