import type { Decision } from '../changes.ts';
import type { Confirm, Refresh } from '../commands.ts';
import { INVALID_REFRESH_TOKEN } from '../errors.ts';
import { accessExpiry } from '../lifetimes.ts';
import { isFamilyLive } from '../liveness.ts';
import type { Family, Instant, LastRefresh, Tenant } from '../model.ts';
import type { State } from '../state.ts';
import { logRevocation, refuse } from './decision.ts';
import { issuedRecord, newTokens } from './family.ts';

/** Compare-and-set on the family's generation: design section 5. Generations order refreshes, times order nothing. */
export function refresh(state: State, command: Refresh, now: Instant): Decision<Refresh> {
  const { tenant, client, subject, token, family } = state;
  if (tenant === undefined || token === undefined || family === undefined || token.use !== 'refresh') {
    return refuse(INVALID_REFRESH_TOKEN);
  }
  if (family.tenantId !== command.tenantId || !isBoundTo(family, command.clientId)) {
    return refuse(INVALID_REFRESH_TOKEN);
  }
  if (!tenant.policy.refreshEnabled || !isFamilyLive({ family, tenant, client, subject }, now)) {
    return refuse(INVALID_REFRESH_TOKEN);
  }
  if (token.generation === family.generation) {
    return rotate(command, tenant, family, now);
  }
  const { lastRefresh } = family;
  const isPrevious = token.generation === family.generation - 1;
  if (isPrevious && lastRefresh !== null && lastRefresh.repeatUntil > now) {
    return repeat(family, lastRefresh);
  }
  // RFC 9700 section 4.14.2: an old refresh token came back, so one of its two holders is a thief.
  return revokeForReuse(tenant, family, now);
}

/**
 * RFC 6749 section 6: a refresh token is bound to the client that it was issued to. Where a public client presented another's
 * secret, that other has proven itself when it comes in person.
 */
function isBoundTo(family: Family, clientId: string): boolean {
  return family.refreshClientId === clientId || family.clientId === clientId;
}

function rotate(command: Refresh, tenant: Tenant, family: Family, now: Instant): Decision<Refresh> {
  const expiry = accessExpiry(tenant.policy, family.kind, command.expireTime, now);
  if ('refusal' in expiry) {
    return refuse(expiry.refusal);
  }
  const expireTime = Math.min(expiry.expireTime, family.expireTime);
  const { accessTokenId: tokenId } = command.tokens;
  const next: Family = { ...family, generation: family.generation + 1 };
  const lastRefresh: LastRefresh = {
    sealed: command.sealed,
    repeatUntil: now + tenant.policy.refreshRepeatWindowMs,
    tokenId,
    issueTime: now,
    expireTime,
  };
  return {
    changes: [
      { change: 'advance_family', familyId: family.familyId, generation: next.generation, lastRefresh },
      ...newTokens(next, command.tokens, now, expireTime, true),
    ],
    outcome: { answer: { issued: issuedRecord(next, tokenId, now, expireTime, true) } },
  };
}

function repeat(family: Family, last: LastRefresh): Decision<Refresh> {
  const repeated = issuedRecord(family, last.tokenId, last.issueTime, last.expireTime, true);
  // Written again, so that the repeated answer too waits for replication.
  const again = {
    change: 'advance_family',
    familyId: family.familyId,
    generation: family.generation,
    lastRefresh: last,
  } as const;
  return { changes: [again], outcome: { answer: { repeated, sealed: last.sealed } } };
}

function revokeForReuse(tenant: Tenant, family: Family, now: Instant): Decision<Refresh> {
  const { familyId } = family;
  const { revision, change } = logRevocation(tenant, 'family', familyId, 'refresh_reuse', now);
  return refuse(INVALID_REFRESH_TOKEN, [{ change: 'revoke_family', familyId, revision }, change]);
}

/** Ends the time in which the last refresh can be repeated, unless another refresh came in between. */
export function confirm(state: State, command: Confirm): Decision<Confirm> {
  const { family } = state;
  const isPending = family !== undefined && family.generation === command.generation && family.lastRefresh !== null;
  return {
    changes: isPending ? [{ change: 'confirm_family', familyId: family.familyId }] : [],
    outcome: { answer: {} },
  };
}
