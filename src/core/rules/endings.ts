/** Why a login is live no more, for who had a token of it: what ended it first, and nothing of what happened after. */
import type { EndedBy, Instant, RevocationCause } from '../model.ts';
import { type Family, subjectKindOf } from '../tables/families.ts';
import { consentKeyOf, type RevocationEvent, type RevocationScope } from '../tables/revocations.ts';
import { type FamilyRows, NO_CLIENT } from './liveness.ts';

/** The rows that decide about a family, with its names. */
export interface EndedRows extends FamilyRows {
  readonly family: Pick<Family, 'familyId' | 'clientId' | 'subjectId'> & FamilyRows['family'];
}

/** What ended a login, as far as its rows tell. */
export interface Ending {
  /** The revision whose event tells more; null where none is known. */
  readonly revision: number | null;
  /** Whom that event must be about. */
  readonly scope: RevocationScope;
  readonly key: string;
  /** What the rows alone tell; undefined: nothing but that it was revoked. */
  readonly cause: RevocationCause | undefined;
}

/**
 * The first of the ends that are known; undefined of a login that nothing ended but time. Of several ends of one tenant, client or subject
 * the last alone is in its row.
 */
export function endingOf({ family, tenant, client, subject, consent }: EndedRows): Ending | undefined {
  const { familyId, tenantId, clientId, subjectId, consentId, kind, issueRevision, revokedRevision } = family;
  const subjectKind = subjectKindOf(kind);
  const ends = [
    ...(revokedRevision === null
      ? []
      : [{ revision: revokedRevision, scope: 'family', key: familyId, cause: undefined } as const]),
    endOf(tenant, 'tenant', tenantId),
    ...(clientId === NO_CLIENT ? [] : [endOf(client?.tenantId === tenantId ? client : undefined, 'client', clientId)]),
    ...(subjectKind === 'client'
      ? []
      : [endOf(subject?.tenantId === tenantId ? subject : undefined, subjectKind, subjectId)]),
    ...(consentId === null ? [] : [endOfConsent(consentKeyOf({ subjectId, clientId }))]),
  ].filter((end) => end !== undefined);
  return ends.sort((a, b) => orderOf(a) - orderOf(b))[0];

  function endOfConsent(key: string): Ending | undefined {
    const isWithdrawn = consent !== undefined && consent.withdrawTime !== null;
    const end = endOf(consent?.tenantId === tenantId ? { ...consent, disabled: false } : undefined, 'consent', key);
    return isWithdrawn ? { revision: null, scope: 'consent', key, ...end, cause: 'consent_withdrawn' } : end;
  }

  function endOf(
    row: { readonly disabled: boolean; readonly cutoff: number } | undefined,
    scope: RevocationScope,
    key: string,
  ): Ending | undefined {
    if (row === undefined) {
      return { revision: null, scope, key, cause: 'deleted' };
    }
    const revision = row.cutoff > issueRevision ? row.cutoff : null;
    const cause = row.disabled ? 'disabled' : undefined;
    return revision === null && cause === undefined ? undefined : { revision, scope, key, cause };
  }
}

/** What no event is known of may have been last. */
function orderOf({ revision }: Ending): number {
  return revision ?? Number.POSITIVE_INFINITY;
}

/**
 * What the holder of a token is told, which expires at `expireTime`. `event`: that of the ending's revision, while it is kept. Of an end that
 * is not known to have come before the token expired nothing is told: an old token must not tell for ever how its user is.
 */
export function causeOf(
  ending: Ending | undefined,
  event: RevocationEvent | undefined,
  expireTime: Instant | null,
  now: Instant,
): EndedBy | undefined {
  const isOver = expireTime !== null && expireTime <= now;
  if (ending === undefined) {
    return isOver ? 'expired' : undefined;
  }
  if (isOver && (event === undefined || event.eventTime >= expireTime)) {
    return 'expired';
  }
  if (ending.cause !== undefined || event === undefined) {
    return ending.cause ?? 'revoked';
  }
  // A client that was deleted and made anew begins with a revision of the tenant that was another's.
  const isItsOwn = event.scope === ending.scope && event.key === ending.key;
  return isItsOwn ? event.cause : 'deleted';
}
